# One of each kind.
upper;
var x >= 0, <= 5;
lower;
var y {1..2} >= -10, <= 10;
minimize f: abs(y[1] - x) - max(y[1], y[2], x) + y[1]^2 + y[2]^2;
subject to norm: sqrt(y[1]^2 + y[2]^2) <= 4;
upper;
minimize F: (x less y[1]) + min(x, y[2]) + (if y[1] >= 2 and x < 3 then 4 - y[1] else y[1]);
