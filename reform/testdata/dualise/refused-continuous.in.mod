var x >= 0, <= 1;
lower f;
var y >= 0, <= 3;
minimize g: y;
subject to row: y >= x;
upper;
maximize F: y - x;
