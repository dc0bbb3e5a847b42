set ROAD := {"toll", "free"};
param time {ROAD};
param demand := 100;

upper;
var t >= 0, <= 10;                      # the toll

lower drivers;
var x {ROAD} >= 0;                      # cars on each road
minimize cost: (time["toll"] + t) * x["toll"] + time["free"] * x["free"];
subject to trips: sum {r in ROAD} x[r] = demand;

upper;
maximize revenue: t * x["toll"];

data;
param time := toll 2  free 7;
