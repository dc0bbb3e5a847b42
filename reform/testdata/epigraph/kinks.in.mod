# Kinks of both players, nested ones, one inside of increasing functions, a choice, and some that stay.
upper;
var x >= 0, <= 5;
subject to near: max(x - 3, 2*x - 7) <= 1;
subject to both: -2 <= abs(x - 1) <= 2;
lower;
var y {1..2} >= -10, <= 10;
minimize f: abs(y[1] - x) + max(y[1], y[2], abs(y[2] + 1)) + exp(max(y[1], 0)) + max(0, y[2])^2;
subject to far: min(y[1], y[2]) >= -5;
upper;
maximize F: x - 3*(x less y[1]) - abs(y[2])^2 + (if y[1] >= 2 then 4 - y[1] else y[1]) - abs(y[1]) * abs(y[2]);
