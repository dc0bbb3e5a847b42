# value-function:penalty: 1 follower gap with the weight 10: a solution at which it is zero is one of the model
var x >= 0, <= 8;
var y {1..2} >= 0, <= 5;

lower buyer;
var best_y {1..2} >= 0, <= 5;

upper;
minimize cost: x - 8*y[1] - 18*y[2] + 10*best_y[1] + 20*best_y[2];

lower buyer;
maximize gain: -3*x + best_y[1] + 2*best_y[2];

upper;
subject to meet: x + y[1] + y[2] = 6;
subject to room[1]: -1 <= -x + y[1] <= 4;
subject to room[2]: -1 <= -x + y[2] <= 4;
subject to least: x + y[1] >= 1;

lower buyer;
subject to best_meet: x + best_y[1] + best_y[2] = 6;
subject to best_room[1]: -1 <= -x + best_y[1] <= 4;
subject to best_room[2]: -1 <= -x + best_y[2] <= 4;
