# Quantities of a leader and a follower at a price of 10 - x - y: -x y is the leader's only term that is not concave.
var x >= 0, <= 10;
lower f; var y >= 0;
maximize g: (10 - x - y) * y - y;
upper; maximize F: (10 - x - y) * x - x;
