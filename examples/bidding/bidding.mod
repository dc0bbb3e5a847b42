# Strategic bidding: the leader, a producer, chooses the prices at which its generators offer; the follower, the operator of a market on
# a transmission network, takes the cheapest offers that the network can carry, and pays at each bus the price there. Data: ieee14.dat,
# rts24.dat.

set BUS;
set BRANCH within {BUS, BUS};
set GENERATOR;
set OWN within GENERATOR;                       # the leader's

param demand {BUS} default 0;                   # MW
param at {GENERATOR} symbolic in BUS;           # where a generator feeds the network
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
    sum {g in GENERATOR: at[g] = i} output[g] + sum {(j,i) in BRANCH} flow[j,i] - sum {(i,j) in BRANCH} flow[i,j] = demand[i];
subject to full {g in GENERATOR}: output[g] <= capacity[g];
subject to forth {(i,j) in BRANCH}: flow[i,j] <= limit[i,j];
subject to back {(i,j) in BRANCH}: flow[i,j] >= -limit[i,j];
subject to datum: angle[reference] = 0;

upper;

maximize profit: sum {g in OWN} (balance[at[g]].dual - cost[g]) * output[g];
