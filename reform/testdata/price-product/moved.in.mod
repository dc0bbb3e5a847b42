# Bounds other than zero and the upper side of a range become constraints, so that their shadow prices can be named.
var p >= 0, <= 10;
lower f;
var y >= 1, <= 6; var z >= 0, <= 4;
minimize g: p * y + 3 * z;
subject to r: 2 <= y + z <= 8;
upper;
maximize F: 2 * p * y - z;
