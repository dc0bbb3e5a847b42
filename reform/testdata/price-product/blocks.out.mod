# price-product: 2 products of price and quantity replaced exactly, in 2 blocks
# price-product: 1 quadratic term left in the leader's objective
# price-product: p[3]*y[5] stands in the objective of follower f and not in the leader's
var p {1..4} >= 0, <= 10;

lower f;
var y {1..5} >= 0;
minimize g: y[3] + p[1]*y[1] + p[2]*y[2] + 2*p[3]*y[5] + p[4]*y[4];
subject to r[1]: y[1] >= 1;
subject to r[2]: y[2] >= 2;
subject to r[3]: y[3] >= 3;
subject to s: y[4] + y[5] >= 1;

upper;
maximize F: -p[1] - p[2] + r[1].dual + 6*r[2].dual + p[4]*y[4];
