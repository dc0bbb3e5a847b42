# x has no upper bound and its product with the multiplier none from below: no inequality.
var x >= 0;
lower f; var y >= 0;
minimize g: 2 * y;
subject to r: y >= 3 - x;
upper; minimize F: x + y;
