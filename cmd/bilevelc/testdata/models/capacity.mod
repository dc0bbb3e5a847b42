# A toll on a road of which the leader wants at least some use: with little demand no toll brings it about, and a higher limit of the toll
# is of no use from 5 on.
param demand := 100;
param limit := 10;
param least := 60;
param weight := 1;

upper;
var t >= 0, <= limit;

lower drivers;
var x >= 0, <= 80;                      # cars on the toll road
var y >= 0;                             # cars on the free road
minimize cost: (2 + t) * x + 7 * y;
subject to trips: x + y = demand;

upper;
maximize revenue: weight * t * x;
subject to use: x >= least;
