# One constraint of each kind: at most, at least, equal, range, empty for the follower, without bounds of use. A range has two multipliers.
var x >= 0, <= 4;
lower f;
var y >= 0; var z;
minimize g: 2 * y - z;
subject to most: z - x <= 3;
subject to least: y + x >= 1;
subject to same: y + z - x = 2;
subject to range: -1 <= y - z <= 6;
subject to leaders: 2 * x <= 6;
upper;
minimize F: x + y;
