# A convex quadratic follower: the dual objective contains its answer, so that the constraints stay.
var x >= 0, <= 2;
lower f;
var y {1..2} >= 0, <= 3;
minimize g: y[1]^2 + y[1] * y[2] + y[2]^2 - (1 + x) * y[1] - 2 * y[2];
subject to least: y[1] + y[2] >= 1;
upper;
maximize F: 2 * (y[1]^2 + y[1] * y[2] + y[2]^2 - (1 + x) * y[1] - 2 * y[2]) + x;
