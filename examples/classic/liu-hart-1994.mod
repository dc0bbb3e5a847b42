# Source: Liu and Hart (1994), "Characterizing an optimal solution to the linear bilevel programming problem",
# European Journal of Operational Research 73, 164-166.
# Optimum 16 at x = 4, y = 4.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: y;
subject to a: -x + y <= 3;
subject to b: x + 2*y <= 12;
subject to c: 4*x - y <= 12;

upper;
maximize F: x + 3*y;
