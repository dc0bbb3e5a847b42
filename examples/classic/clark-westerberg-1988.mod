# Source: Clark and Westerberg (1988), "A note on the optimality conditions for the bilevel programming problem", Naval Research Logistics 35, 413-418.
# Optimum -37 at x = 19, y = 14. Both variables are free.
upper;
var x;

lower;
var y;
minimize f: y;
subject to a: -2*x + y <= 0;
subject to b: 2*x + 5*y <= 108;
subject to c: 2*x - 3*y <= -4;

upper;
minimize F: x - 4*y;
