# No decision of the leader has an answer that the leader's row accepts, though points exist that satisfy all rows. Written for this project.
# The follower answers y = 1 + x >= 1, the leader's row wants y <= 0.5.
upper;
var x >= 0, <= 1;

lower;
var y >= 0;
maximize f: y;
subject to a: y <= 1 + x;

upper;
minimize F: x;
subject to limit: y <= 0.5;
