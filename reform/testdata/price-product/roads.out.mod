# price-product: 1 product of price and quantity replaced exactly, in 1 block
var toll >= 0, <= 10;

lower drivers;
var a >= 0;
var b >= 0;
minimize cost: 2*a + 7*b + toll*a;
subject to trips: a + b = 100;

upper;
maximize revenue: -2*a - 7*b + 100*trips.dual;
