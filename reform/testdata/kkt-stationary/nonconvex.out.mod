# kkt: follower f is not convex: its objective g has the curvature -4 along y = 1 at x = 0, y = 0; its constraints are affine: stationary points need not be answers, so that a point is a candidate until the follower is solved again
var x >= -1, <= 1;
var y >= -2, <= 2;
var ub_y >= 0;
minimize F: x^2 + y^2;
subject to stat_y: -x - 4*y + ub_y + 4*y^3 >= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= -2;
subject to bu_y: ub_y >= 0 complements y <= 2;
