# strong-duality: the constraint of follower drivers keeps 1 products
var toll >= 0, <= 10;
var a >= 0;
var b >= 0;
var v_trips;
maximize revenue: toll*a;
subject to trips: a + b = 100;
subject to stat_a: toll + v_trips >= -2;
subject to stat_b: v_trips >= -7;
subject to duality_drivers: 2*a + 7*b + 100*v_trips + toll*a <= 0;
