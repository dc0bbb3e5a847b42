# The follower is convex, for its second derivatives have the determinant 4, but no rule shows it: x has no bounds.
var x;
lower f;
var y {1..2};
minimize g: (x^2 + 1) * y[1]^2 + 2 * x * y[1] * y[2] + y[2]^2 - y[1];
upper;
minimize F: (x - 1)^2 + y[1];
