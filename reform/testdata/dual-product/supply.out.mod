# dual-product: 1 product in the leader's objective replaced exactly
# dual-product: 2 bounds moved into constraints
var s >= 0, <= 10;

lower market;
var demand >= 0;
var other >= 0;
maximize welfare: 20*demand - 0.5*demand^2 - other^2;
subject to balance: -s + demand - other = 0;
subject to demand_upper: demand <= 20;
subject to other_upper: other <= 4;

upper;
maximize revenue: 20*demand - 20*demand_upper.dual - 4*other_upper.dual - 0.1*s^2 - demand^2 - 2*other^2;
