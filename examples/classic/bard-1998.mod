# Source: Bard (1998), "Practical Bilevel Optimization: Algorithms and Applications", Kluwer, example 5.1.1.
# Optimum -12 at x = 4, y = 4; without the follower's optimality it would be -21.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: y;
subject to a: x + y >= 3;
subject to b: -2*x + y <= 0;
subject to c: 2*x + y <= 12;
subject to d: 3*x - 2*y <= 4;

upper;
minimize F: x - 4*y;
