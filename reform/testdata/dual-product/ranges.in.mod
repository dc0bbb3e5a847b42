# A budget for what is paid at shadow prices, with a range and bounds on both sides whose multipliers take part.
var x >= 0, <= 4;
lower f;
var y >= 1, <= 3;
var z >= 0, <= 5;
minimize g: x * y + 2 * z;
subject to a: 4 <= y + z <= 7;
subject to b: z <= 4;
upper;
minimize F: x - y;
subject to paid: a.dual * (y + z) <= 12;
