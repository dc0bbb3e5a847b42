# Source: Bialas and Karwan (1984), "Two-level linear programming", Management Science 30, 1004-1020.
# Optimum 11 at x = 16, y = 11: the leader wants y large, the follower small.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: y;
subject to a: x + 2*y >= 10;
subject to b: x + 2*y <= 38;
subject to c: x - 2*y >= -18;
subject to d: x - 2*y <= 6;
subject to e: 2*x - y <= 21;

upper;
maximize F: y;
