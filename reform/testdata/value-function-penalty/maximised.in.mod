var x >= 0, <= 1;
lower one;
var y >= 0, <= 1;
minimize f: y^2 - x*y;
upper;
maximize F: x + y;
