# dualise: the leader gains what follower f loses: dual problems without pairs
var x >= 0, <= 2;
var y {1..2} >= 0, <= 3;
var u_least >= 0;
var ub_y {1..2} >= 0;
maximize F: x + 2*u_least - 6*ub_y[1] - 6*ub_y[2] - 2*y[1]^2 - 2*y[1]*y[2] - 2*y[2]^2;
subject to least: y[1] + y[2] >= 1;
subject to stat_y[1]: -x + 2*y[1] + y[2] - u_least + ub_y[1] >= 1;
subject to stat_y[2]: y[1] + 2*y[2] - u_least + ub_y[2] >= 2;
