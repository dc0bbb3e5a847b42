# Continuing a level, a follower without a name, one without an objective, the leader without one.
var x >= 0, <= 10;
lower;
var y >= 0;
subject to a: y >= x;
upper;
var z binary;
lower;
minimize cost: y;
lower other;
var w {1..2} >= 0;
subject to only_leader: x + z <= 8;
