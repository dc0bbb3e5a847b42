# kkt: follower f is not convex: its objective g has the curvature -2 along y = 1 at x = 3.911, y = 2.295; its constraints are affine: stationary points need not be answers, so that a point is a candidate until the follower is solved again
var x >= 0, <= 4;
var y >= 0, <= 3;
var ub_y >= 0;
minimize F: x;
subject to stat_y: x - 2*y + ub_y >= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= 0;
subject to bu_y: ub_y >= 0 complements y <= 3;
