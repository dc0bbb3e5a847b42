# Source: Candler and Townsley (1982), "A linear two-level programming problem", Computers and Operations Research 9, 59-76.
# Optimum 29.2 at x = (0, 0.9), y = (0, 0.6, 0.4); without the follower's optimality it would be 58.
upper;
var x {1..2} >= 0;

lower;
var y {1..3} >= 0;
minimize f: x[1] + 2*x[2] + y[1] + y[2] + 2*y[3];
subject to a: -y[1] + y[2] + y[3] <= 1;
subject to b: 2*x[1] - y[1] + 2*y[2] - 0.5*y[3] <= 1;
subject to c: 2*x[2] + 2*y[1] - y[2] - 0.5*y[3] <= 1;

upper;
maximize F: 8*x[1] + 4*x[2] - 4*y[1] + 40*y[2] + 4*y[3];
