var x >= 0, <= 5;
lower f;
var y >= 0;
minimize g: y;
subject to need: y >= x;
upper;
maximize F: x + need.dual;
