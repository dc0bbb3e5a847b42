# A follower without an objective: every point of its constraints is an answer.
var x >= 0, <= 4;
lower f;
var y >= 0;
subject to r: y <= x;
upper;
minimize F: x - 2 * y;
