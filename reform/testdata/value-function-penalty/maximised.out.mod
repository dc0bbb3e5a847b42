# value-function:penalty: 1 follower gap with the weight 10: a solution at which it is zero is one of the model
var x >= 0, <= 1;
var y >= 0, <= 1;

lower one;
var best_y >= 0, <= 1;

upper;
maximize F: x + y + 10*x*y - 10*x*best_y - 10*y^2 + 10*best_y^2;

lower one;
minimize f: -x*best_y + best_y^2;
