# Source: Moore and Bard (1990), "The mixed integer linear bilevel programming problem", Operations Research 38, 911-921, example 1
# with the integrality dropped.
# Optimum 18 at x = 8, y = 1. With x and y integer it is 22 at (2, 2): better. The relaxation of a bilevel problem's integers gives no bound,
# since it changes the follower; only dropping the follower's optimality does (here 42).
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: y;
subject to a: -25*x + 20*y <= 30;
subject to b: x + 2*y <= 10;
subject to c: 2*x - y <= 15;
subject to d: 2*x + 10*y >= 15;

upper;
maximize F: x + 10*y;
