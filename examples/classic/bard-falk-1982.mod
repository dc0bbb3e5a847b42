# Source: Bard and Falk (1982), "An explicit solution to the multi-level programming problem", Computers and Operations Research 9, 77-100, example 2.
# Optimum -3.25 at x = (2, 0), y = (1.5, 0). Row c has no variable of the follower: it says where the follower has an answer.
upper;
var x {1..2} >= 0;

lower;
var y {1..2} >= 0;
minimize f: x[1] + x[2] - 4*y[1] + y[2];
subject to a: 2*x[1] - y[1] + y[2] >= 2.5;
subject to b: x[1] - 3*x[2] + y[2] <= 2;
subject to c: x[1] + x[2] <= 2;

upper;
minimize F: -2*x[1] + x[2] + 0.5*y[1];
