# A worst answer of its own for each side of a range of the leader, and a follower of which the leader sees nothing else.
var x >= 0, <= 5;
lower f;
var y {1..2} >= 0, <= 3;
minimize g: y[1] + y[2];
subject to need: y[1] + y[2] >= 2 - x;
lower h;
var z >= -1;
minimize k: 0 * z;
subject to room: z <= x;
upper;
minimize F: x + y[1];
subject to share: 0.5 <= y[1] + x <= 4;
subject to own: x <= 4.5;
