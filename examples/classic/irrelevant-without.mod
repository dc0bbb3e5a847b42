# A constraint that is slack at the optimum, and matters: this file is without it, irrelevant-with.mod has it.
# After Macal and Hurter (1997), "Dependence of bilevel mathematical programs on irrelevant constraints",
# Computers and Operations Research 24, 1129-1140; the linear data were written for this project.
# The follower answers y = 2x - 10, the leader pays x and 3 for each unit that y is away from 1. Optimum 5.5 at x = 5.5, y = 1.
upper;
var x >= 0;
var away;

lower;
var y;
minimize f: y;
subject to a: y >= 2*x - 10;

upper;
minimize F: x + 3*away;
subject to above: away >= y - 1;
subject to below: away >= 1 - y;
