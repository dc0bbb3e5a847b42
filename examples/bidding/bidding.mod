# Strategic bidding: the leader, a producer, chooses the prices at which its generators offer; the follower, the operator of a market on
# a transmission network, takes the cheapest offers that the network can carry, and pays at each bus the price there. Data: bidding.dat.

set BUS;
set BRANCH within {BUS, BUS};
set GENERATOR within BUS;                       # at most one at a bus
set OWN within GENERATOR;                       # the leader's

param demand {BUS} default 0;                   # MW
param capacity {GENERATOR} > 0;                 # MW
param cost {GENERATOR} >= 0;                    # of a MWh; what others bid
param ceiling > 0;                              # the highest bid that is allowed
param reactance {BRANCH} > 0;                   # per unit
param limit {BRANCH} > 0;                       # MW
param base := 100;                              # MVA
param reference := first(BUS);                  # its angle is zero

upper;

var bid {OWN} >= 0, <= ceiling;

lower market;

var output {GENERATOR} >= 0;
var angle {BUS};                                # of the voltage, in radians
var flow {(i,j) in BRANCH} = base / reactance[i,j] * (angle[i] - angle[j]);

minimize bids: sum {g in OWN} bid[g] * output[g] + sum {g in GENERATOR diff OWN} cost[g] * output[g];

# balance[i].dual is the price at bus i: what one more MW of demand there costs.
subject to balance {i in BUS}:
    sum {g in GENERATOR: g = i} output[g] + sum {(j,i) in BRANCH} flow[j,i] - sum {(i,j) in BRANCH} flow[i,j] = demand[i];
subject to full {g in GENERATOR}: output[g] <= capacity[g];
subject to forth {(i,j) in BRANCH}: flow[i,j] <= limit[i,j];
subject to back {(i,j) in BRANCH}: flow[i,j] >= -limit[i,j];
subject to datum: angle[reference] = 0;

upper;

# The sum of (balance[g].dual - cost[g]) * output[g] over OWN, without products: what the consumers pay, less what stays with the
# network, less what the other generators are paid (their cost and the rent of those that are full), less the leader's cost.
maximize profit:
    sum {i in BUS} demand[i] * balance[i].dual
  - sum {(i,j) in BRANCH} limit[i,j] * (back[i,j].dual - forth[i,j].dual)
  - sum {g in GENERATOR diff OWN} (cost[g] * output[g] - capacity[g] * full[g].dual)
  - sum {g in OWN} cost[g] * output[g];
