# Two blocks with factors 1 and 3; the third has no products, the fourth matches in part: its product stays.
var p {1..4} >= 0, <= 10;
lower f;
var y {1..5} >= 0;
minimize g: p[1] * y[1] + p[2] * y[2] + y[3] + p[4] * y[4] + 2 * p[3] * y[5];
subject to r {i in 1..3}: y[i] >= i;
subject to s: y[4] + y[5] >= 1;
upper;
maximize F: p[1] * y[1] + 3 * p[2] * y[2] + p[4] * y[4] - p[1] - p[2];
