# The relaxation that drops the follower's optimality is unbounded (y has no upper limit), the bilevel problem is not. Written for this project.
# The follower answers y = max(x, 4 - x). Optimum 10 at x = 10, y = 10.
upper;
var x >= 0, <= 10;

lower;
var y;
minimize f: y;
subject to a: y >= x;
subject to b: y >= 4 - x;

upper;
maximize F: 2*y - x;
