# The leader's integer variables are the same at both points, digit by digit.
var open binary;
var n integer >= 1, <= 6;
var level >= 0;
lower f;
var y >= 0, <= 1;
minimize g: (1 - open) * y;
upper;
minimize F: 2 * open + n - y + level;
subject to least: level >= 2 - n;
