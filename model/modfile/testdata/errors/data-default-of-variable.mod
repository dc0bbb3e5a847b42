var x {1..3};
data;
var x default 3;
