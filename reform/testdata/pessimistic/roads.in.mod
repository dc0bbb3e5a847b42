# Two roads to the same place. The leader takes a toll on the quick one; each driver takes the cheaper road.

set ROAD;
param time {ROAD};                      # minutes
param demand;                           # cars

upper;

var toll >= 0, <= 10;                   # minutes

lower drivers;

var cars {ROAD} >= 0;

minimize cost: (time["toll"] + toll)*cars["toll"] + time["free"]*cars["free"];
subject to trips: sum {r in ROAD} cars[r] = demand;

upper;

maximize revenue: toll*cars["toll"];

data;

set ROAD := toll free;
param time := toll 2  free 7;
param demand := 100;
