# Source: Bard (1991), "Some properties of the bilevel programming problem", Journal of Optimization Theory and Applications 68, 371-378, example 2.
# Optimum -1 at x = 0, y = (0, 1) and at x = 1, y = (0, 0). At x = 0 the follower does not care how it splits y1 + y2 = 1, and the leader
# cares a great deal: the worst split is worth 10.
upper;
var x >= 0;

lower;
var y {1..2} >= 0;
minimize f: -y[1] - y[2];
subject to a {k in 1..2}: x + y[k] <= 1;
subject to b: y[1] + y[2] <= 1;

upper;
minimize F: -x + 10*y[1] - y[2];
