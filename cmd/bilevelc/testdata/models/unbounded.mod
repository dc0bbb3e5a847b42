var x >= 0;
lower f;
var y >= 0;
minimize g: y;
subject to r: y >= x;
upper;
maximize F: y;
