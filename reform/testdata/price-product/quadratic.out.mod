# price-product: 1 product of price and quantity replaced exactly, in 1 block
# price-product: 1 quadratic term left in the leader's objective
var p >= 0, <= 10;

lower f;
var y >= 0;

upper;
maximize F: 10*y - 2*y^2;

lower f;
minimize g: -10*y + p*y + y^2;
