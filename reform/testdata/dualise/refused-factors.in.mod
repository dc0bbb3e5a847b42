var x >= 0, <= 1;
lower f;
var y >= 0, <= 3;
var z >= 0;
minimize g: (1 + x) * y + z;
subject to row: y + z >= 2;
upper;
maximize F: y + x * y + 2 * z;
