upper;
var x;
lower;
var y >= 0;
minimize f: y;
lower;
minimize g: x*y;
