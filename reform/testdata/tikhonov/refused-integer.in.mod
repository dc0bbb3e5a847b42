upper;
var x >= 0, <= 5;
lower;
var y integer, >= 0, <= 5;
minimize f: (y - x)^2;
upper;
minimize F: x + y;
