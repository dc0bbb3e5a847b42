# dual-product: 2 products in constraint paid replaced exactly
# dual-product: 2 bounds moved into constraints
var x >= 0, <= 4;

lower f;
var y >= 1, <= 3;
var z >= 0, <= 5;

upper;
var `a.dual`;
minimize F: x - y;

lower f;
minimize g: 2*z + x*y;
subject to a: -Infinity <= y + z <= Infinity;
subject to b: z <= 4;

upper;
subject to paid: -Infinity <= 0 <= Infinity;

lower f;
subject to a_upper: y + z <= 7;
subject to a_lower: y + z >= 4;

upper;
subject to dual_sum: `a.dual` - a_upper.dual - a_lower.dual = 0;
subject to paid_linear: 7*a_upper.dual + 4*a_lower.dual <= 12;
