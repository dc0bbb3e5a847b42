# price-product: 2 products of price and quantity replaced exactly, in 1 block
# price-product: 2 bounds moved into constraints
var p >= 0, <= 10;

lower f;
var y >= 0;
var z >= 0;

upper;
var `r.dual`;

lower f;
maximize g: 8*y + 5*z - p*y - p*z;
subject to r: -Infinity <= y + z <= Infinity;
subject to r_upper: y + z <= 6;
subject to r_lower: y + z >= 1;

upper;
subject to dual_sum: `r.dual` - r_upper.dual - r_lower.dual = 0;
maximize F: 8*y + 5*z + `r.dual` - 6*r_upper.dual - r_lower.dual;
