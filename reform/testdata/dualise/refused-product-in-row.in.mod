var x binary;
lower f;
var y >= 0, <= 3;
minimize g: y;
subject to row: (1 + x) * y >= 1;
upper;
maximize F: y;
