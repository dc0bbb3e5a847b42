# A convex follower with a nonlinear objective and a ball, inside of which there is an answer whatever the leader decides.
var x >= 1, <= 3;
lower f;
var y {1..2};
minimize g: (y[1] - 3 * x)^2 + exp(y[2]) - y[2];
subject to ball: y[1]^2 + y[2]^2 <= 4;
upper;
minimize F: (x - 2)^2 + y[1];
