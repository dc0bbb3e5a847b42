# A linear follower with a family, an equation, a range and bounds; the leader sees its answer in a constraint.
var x >= 0, <= 8;
lower buyer;
var y {1..2} >= 0, <= 5;
maximize gain: y[1] + 2*y[2] - 3*x;
subject to meet: y[1] + y[2] + x = 6;
subject to room {k in 1..2}: -1 <= y[k] - x <= 4;
upper;
minimize cost: x + 2*sum {k in 1..2} y[k];
subject to least: x + y[1] >= 1;
