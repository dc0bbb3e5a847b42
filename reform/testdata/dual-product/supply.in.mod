# A producer who supplies a quantity at the price that a market with elastic demand and a competitor makes.
var s >= 0, <= 10;
lower market;
var demand >= 0, <= 20;
var other >= 0, <= 4;
maximize welfare: 20 * demand - 0.5 * demand^2 - other^2;
subject to balance: demand - other - s = 0;
upper;
maximize revenue: balance.dual * s - 0.1 * s^2;
