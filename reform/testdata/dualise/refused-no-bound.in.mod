# Neither a network nor a packing.
var x binary;
lower f;
var y {1..2} >= 0;
minimize g: 2 * y[1] + y[2];
subject to one: y[1] + 2 * y[2] >= 1 + x;
subject to two: 3 * y[1] - y[2] >= 1 - x;
subject to three: y[1] - 5 * y[2] <= 7;
upper;
maximize F: 2 * y[1] + y[2];
