# Source: Bard (1984), "Optimality conditions for the bilevel programming problem", Naval Research Logistics Quarterly 31, 13-26.
# Optimum 28/9 at x = 8/9, y = 20/9: the least x would leave the follower a larger answer.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: -5*x - y;
subject to a: x + 0.5*y >= 2;
subject to b: -0.25*x + y <= 2;
subject to c: x + 0.5*y <= 8;
subject to d: x - 2*y <= 4;

upper;
minimize F: x + y;
