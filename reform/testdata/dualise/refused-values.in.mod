var x integer, >= 0, <= 64;
lower f;
var y >= 0;
minimize g: y;
subject to row: y >= x;
upper;
maximize F: y - x;
