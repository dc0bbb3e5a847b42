# convexify: the leader's objective plus 1 times the optimality conditions of 1 block is convex and has the same value
var x >= 0, <= 10;

lower f;
var y >= 0;

upper;
maximize F: 9*x + 9*y - x^2 - 2*x*y - 2*y^2;

lower f;
maximize g: 9*y - x*y - y^2;
