var x {1..3};
var x {4..5};
