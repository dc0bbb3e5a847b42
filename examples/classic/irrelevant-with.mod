# irrelevant-without.mod with one more constraint of the follower, y >= 0. It is slack at that file's optimum (x = 5.5, y = 1),
# and yet the optimum becomes 3 at x = 0, y = 0: for small x it gives the follower another answer, max(0, 2x - 10).
# After Macal and Hurter (1997); the linear data were written for this project.
upper;
var x >= 0;
var away;

lower;
var y;
minimize f: y;
subject to a: y >= 2*x - 10;
subject to irrelevant: y >= 0;

upper;
minimize F: x + 3*away;
subject to above: away >= y - 1;
subject to below: away >= 1 - y;
