# A convex follower whose constraint has no inside: its only answer satisfies no stationarity condition.
var x >= -1, <= 1;
lower f;
var y;
minimize g: y;
subject to point: y^2 <= 0;
upper;
minimize F: x + y;
