# Three followers. The leader's objective holds twice what the first loses, half of what the second does in its first block, and nothing of
# its second block and of the third, whose dual conditions only say that they have an optimal answer. Ranges, equations, bounds of all kinds and a fixed variable.
var x >= 0, <= 4, integer;
var w >= -1, <= 1;
lower first;
var y {1..3} >= -1, <= 5;
var z <= 2;
var fixed >= 3, <= 3;
maximize g1: w * y[1] + 2 * y[2] - y[3] + z - fixed;
subject to range: -2 <= y[1] + y[2] - fixed <= 6;
subject to equation: y[2] - y[3] + z = 1;
upper;
lower second;
var a >= 0;
var b {1..2} >= 0;
minimize g2: 3 * a + b[1] + b[2];
subject to least: a >= 2 - x;
subject to both: b[1] + b[2] >= 1 + x;
upper;
lower third;
var c;
minimize g3: w * c + 0 * x;
subject to above: c >= x;
upper;
minimize F: x^2 - w + 2 * (w * y[1] + 2 * y[2] - y[3] + z) + 7 * fixed - 1.5 * a;
