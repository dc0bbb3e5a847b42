var x >= 0, <= 5;
lower f;
var y >= 0, <= 1;
minimize g: y;
upper;
maximize F: x * y;
