# Degenerate pairs: at the optimum three constraints of the follower hold with equality and one multiplier is enough, so that
# two pairs have both members zero. Written for this project.
# The follower answers y = min(x, 4 - x, 2). Optimum 4 at x = 2, y = 2; without the follower's optimality it would be 6.
upper;
var x >= 0, <= 2;

lower;
var y >= 0;
maximize f: y;
subject to a: y <= x;
subject to b: y <= 4 - x;
subject to c: y <= 2;

upper;
maximize F: 3*x - y;
