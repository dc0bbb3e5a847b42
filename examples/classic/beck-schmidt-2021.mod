# Source: Beck and Schmidt (2021), "A gentle and incomplete introduction to bilevel optimization", lecture notes, Universitaet Trier,
# after Kleinert (2021).
# Optimum 39/7 at x = 3/7, y = 6/7. The leader's row cuts the follower's answers into two pieces; without the follower's optimality: 3.
upper;
var x >= 0;

lower;
var y;
minimize f: -y;
subject to a: 2*x - y >= 0;
subject to b: x + y <= 6;
subject to c: -x + 6*y >= -3;
subject to d: x + 3*y >= 3;

upper;
minimize F: x + 6*y;
subject to coupling: -x + 5*y <= 12.5;
