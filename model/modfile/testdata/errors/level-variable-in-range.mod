var x;
var y;
subject to c: y <= x <= 3;
