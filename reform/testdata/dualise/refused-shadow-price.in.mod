var x binary;
lower f;
var y >= 0, <= 3;
minimize g: y;
subject to row: y >= x;
upper;
maximize F: y + row.dual;
