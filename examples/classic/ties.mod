# A coupling constraint that only a tie can satisfy. Written for this project.
# The follower wants y1 + y2 small and does not care how it splits 1. The leader's row wants y1 >= x/2, its objective wants y1 small.
# Optimum 0.5 at x = 1, y = (0.5, 0.5): inside the follower's face of optimal answers. A method that takes a vertex of that face as the follower's answer
# finds 0 at x = 0 or x = 1, or no answer at all.
upper;
var x >= 0, <= 1;

lower;
var y {1..2} >= 0;
minimize f: y[1] + y[2];
subject to need: y[1] + y[2] >= 1;

upper;
maximize F: x - y[1];
subject to share: y[1] >= 0.5*x;
