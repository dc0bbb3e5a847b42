# price-product: 1 product of price and quantity replaced exactly, in 1 block
# price-product: 4 bounds moved into constraints
var p >= 0, <= 10;

lower f;
var y;
var z >= 0;
minimize g: 3*z + p*y;
subject to r: y + z >= 2;
subject to r_upper: y + z <= 8;
subject to y_upper: y <= 6;
subject to y_lower: y >= 1;
subject to z_upper: z <= 4;

upper;
maximize F: -7*z + 16*r_upper.dual + 4*r.dual + 12*y_upper.dual + 2*y_lower.dual + 8*z_upper.dual;
