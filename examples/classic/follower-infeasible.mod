# The follower has no feasible answer for x > 4: such x is excluded. Written for this project.
# For x <= 4 it answers y = x. Optimum 20 at x = 4, y = 4; without the follower's optimality it would be 24.
upper;
var x >= 0, <= 10;

lower;
var y;
minimize f: y;
subject to a: y >= x;
subject to b: y <= 6 - 0.5*x;

upper;
maximize F: x + 4*y;
