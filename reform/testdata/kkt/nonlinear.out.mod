# kkt: follower f is convex by rules; an answer inside of its constraints exists for every decision: its answers are its stationary points
var x >= 1, <= 3;
var y {1..2};
var u_ball >= 0;
minimize F: -4*x + y[1] + x^2 + 4;
subject to ball: y[1]^2 + y[2]^2 <= 4;
subject to stat_y[1]: -6*x + 2*y[1] + 2*y[1]*u_ball = 0;
subject to stat_y[2]: 2*y[2]*u_ball + exp(y[2]) = 1;
subject to c_ball: u_ball >= 0 complements ball.uslack >= 0;
