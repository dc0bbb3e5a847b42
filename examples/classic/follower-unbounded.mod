# The follower's problem is unbounded for x > 2, where it earns x - 2 on every unit: such x is excluded. Written for this project.
# For x < 2 it answers y = 0, at x = 2 any y >= 0. Optimum 6 at x = 2, y = 0; without the follower's optimality it would be 15.
upper;
var x >= 0, <= 5;

lower;
var y >= 0;
maximize f: (x - 2)*y;

upper;
maximize F: 3*x - y;
