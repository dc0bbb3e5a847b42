# Interdiction of flow: the leader closes roads, within a budget, to leave as little traffic between two places as it can; the
# follower sends as much as fits. Flow in thousands of vehicles a day. Data: sioux-falls.dat.

set NODE;
set ROAD within {NODE, NODE};                   # each is listed once and open in both directions
set ARC := {(i,j) in NODE cross NODE: (i,j) in ROAD or (j,i) in ROAD};

param time {ROAD} >= 0;                         # for interdiction.mod, which has the same data
param capacity {ROAD} >= 0;                     # each way
param origin symbolic in NODE;
param destination symbolic in NODE;
param budget >= 0;                              # roads that can be closed
param delay >= 0;                               # for interdiction.mod

upper;

var hit {ROAD} binary;

subject to limit: sum {(i,j) in ROAD} hit[i,j] <= budget;

lower sender;

# flow[i,j]: what passes on the road from i to j.
var flow {ARC} >= 0;
maximize arriving: sum {(i,j) in ARC: j = destination} flow[i,j] - sum {(i,j) in ARC: i = destination} flow[i,j];
subject to passage {k in NODE: k != origin and k != destination}:
    sum {(i,k) in ARC} flow[i,k] - sum {(k,j) in ARC} flow[k,j] = 0;
subject to forth {(i,j) in ROAD}: flow[i,j] <= capacity[i,j] * (1 - hit[i,j]);
subject to back {(i,j) in ROAD}: flow[j,i] <= capacity[i,j] * (1 - hit[i,j]);

upper;

minimize least: sum {(i,j) in ARC: j = destination} flow[i,j] - sum {(i,j) in ARC: i = destination} flow[i,j];
