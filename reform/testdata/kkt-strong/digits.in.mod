# A packing follower and an integer with six values: its product with a multiplier is written by digits. The budget leaves four values.
var x integer >= 0, <= 5;
subject to budget: 2 * x <= 7;
lower f;
var y >= 0;
var z >= 0;
maximize g: 3 * y + 2 * z;
subject to a: y + 2 * z <= 6 - x;
subject to b: y <= 3;
upper;
minimize F: y + z - x;
