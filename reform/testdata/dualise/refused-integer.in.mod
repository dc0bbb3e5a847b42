var x binary;
lower f;
var y integer, >= 0, <= 3;
minimize g: (1 - x) * y;
upper;
maximize F: (1 - x) * y;
