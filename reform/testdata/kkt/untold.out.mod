# kkt: follower f is not known to be convex; no counterexample in 200 samples; its constraints are affine: stationary points need not be answers, so that a point is a candidate until the follower is solved again
var x;
var y {1..2};
minimize F: -2*x + y[1] + x^2 + 1;
subject to stat_y[1]: 2*x*y[2] + 2*((x^2 + 1)*y[1]) = 1;
subject to stat_y[2]: 2*y[2] + 2*x*y[1] = 0;
