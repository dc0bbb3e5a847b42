# Interdiction of shortest ways: the leader hits roads, within a budget, to make the shortest way between two places as long
# as it can; the follower takes the shortest way. Times in minutes. Data: sioux-falls.dat.

set NODE;
set ROAD within {NODE, NODE};                   # each is listed once and open in both directions
set ARC := {(i,j) in NODE cross NODE: (i,j) in ROAD or (j,i) in ROAD};

param time {ROAD} >= 0;
param capacity {ROAD} >= 0;                     # for max-flow.mod, which has the same data
param origin symbolic in NODE;
param destination symbolic in NODE;
param budget >= 0;                              # roads that can be hit
param delay >= 0;                               # what a hit adds to the time

upper;

var hit {ROAD} binary;

subject to limit: sum {(i,j) in ROAD} hit[i,j] <= budget;

lower traveller;

# way[i,j]: whether the way uses the road from i to j. There is a whole-numbered answer among the best.
var way {ARC} >= 0;

minimize duration: sum {(i,j) in ROAD} (time[i,j] + delay * hit[i,j]) * (way[i,j] + way[j,i]);

# The way that arrives at k and does not end there goes on. The origin's own line follows from the others.
subject to passage {k in NODE: k != origin}:
    sum {(i,k) in ARC} way[i,k] - sum {(k,j) in ARC} way[k,j] = if k = destination then 1 else 0;

upper;

maximize longest: sum {(i,j) in ROAD} (time[i,j] + delay * hit[i,j]) * (way[i,j] + way[j,i]);
