# Tolls on a road network: the leader sets tolls on some links and keeps the money, drivers take the cheapest way.
# Times and tolls are in minutes, trips in hundreds a day; no congestion. Data: toll.dat.

set NODE;
set LINK within {NODE, NODE};
set TOLLED within LINK;

param time {LINK} > 0;                          # minutes on the link
param demand {NODE, NODE} >= 0;                 # trips from the first node to the second
param cap > 0;                                  # the highest toll

upper;

var toll {TOLLED} >= 0, <= cap;

lower drivers;

# flow[o,i,j]: trips that started at o and use the link from i to j.
var flow {NODE, LINK} >= 0;

minimize cost:
    sum {o in NODE, (i,j) in LINK} time[i,j] * flow[o,i,j]
  + sum {o in NODE, (i,j) in TOLLED} toll[i,j] * flow[o,i,j];

# What arrives at k and does not go on ends there. The origin's own line follows from the others; without it the
# multiplier of a line is the price of the cheapest way from o to k.
subject to trips {o in NODE, k in NODE: k != o}:
    sum {(i,k) in LINK} flow[o,i,k] - sum {(k,j) in LINK} flow[o,k,j] = demand[o,k];

upper;

maximize revenue: sum {o in NODE, (i,j) in TOLLED} toll[i,j] * flow[o,i,j];
