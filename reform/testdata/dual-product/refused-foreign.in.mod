var x >= 0, <= 4;
lower f;
var y >= 0;
minimize g: y;
subject to a: y >= 2;
upper;
maximize F: a.dual * x - y;
