# Source: Haurie, Savard and White (1990), "A note on: an efficient point algorithm for a linear two-stage optimization problem",
# Operations Research 38, 553-555.
# Optimum 27 at x = 12, y = 3; without the follower's optimality it would be 12.
upper;
var x;

lower;
var y;
minimize f: -y;
subject to a: x + y >= 8;
subject to b: -3*x + 2*y <= 6;
subject to c: 3*x + 4*y <= 48;
subject to d: 2*x - 5*y <= 9;

upper;
minimize F: x + 5*y;
