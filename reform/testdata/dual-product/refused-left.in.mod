# The leader's capacity stands on the right-hand side, so that p * price cannot be replaced without a product of both.
var x >= 0, <= 4;
lower market;
var p >= 0;
var q >= 0;
minimize costs: 3 * p + 5 * q;
subject to balance: p + q = 10;
subject to full: p <= x;
upper;
maximize F: balance.dual * p + balance.dual * x - x;
