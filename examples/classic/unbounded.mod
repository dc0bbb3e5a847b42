# Unbounded: the follower answers y = x/3, the leader gains x - 2y = x/3 without limit. Written for this project.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: y;
subject to a: 3*y >= x;

upper;
maximize F: x - 2*y;
