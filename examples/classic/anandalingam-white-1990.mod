# Source: Anandalingam and White (1990), "A solution method for the linear static Stackelberg problem using penalty functions",
# IEEE Transactions on Automatic Control 35, 1170-1173.
# Optimum 49 at x = 16, y = 11; without the follower's optimality it would be 52.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: y;
subject to a: x + 2*y >= 10;
subject to b: x - 2*y <= 6;
subject to c: 2*x - y <= 21;
subject to d: x + 2*y <= 38;
subject to e: -x + 2*y <= 18;

upper;
maximize F: x + 3*y;
