# value-function: the leader chooses among answers that are as good as those of copies of the followers
var x >= -2, <= 2;
var y >= -1, <= 1;
var n integer >= 0, <= 3;
var w >= 0;

lower `first`;
var best_y >= -1, <= 1;

lower second;
var best_n integer >= 0, <= 3;

lower third;
var best_w >= 0;

upper;
minimize F: x + y*n;

lower `first`;
minimize f: x^2 + x*best_y + sin(3*best_y);

lower second;
maximize h: x*best_n - exp(best_n);

upper;
subject to ball: x^2 + y^2 <= 4;
subject to any: x + w >= 1;

lower `first`;
subject to best_ball: x^2 + best_y^2 <= 4;

lower third;
subject to best_any: x + best_w >= 1;

upper;
subject to value_first: x*y - x*best_y + sin(3*y) - sin(3*best_y) <= 0;
subject to value_second: -x*n + x*best_n + exp(n) - exp(best_n) <= 0;
