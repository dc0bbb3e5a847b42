# A follower that maximises what is left after the price, and a leader that sees the shadow price of the range.
var p >= 0, <= 10;
lower f;
var y >= 0; var z >= 0;
maximize g: 8 * y + 5 * z - p * y - p * z;
subject to r: 1 <= y + z <= 6;
upper;
maximize F: p * y + p * z + r.dual;
