# A town decides how far to widen its streets. Drivers then take the ways that are quickest for each of them, given the
# traffic that all make together. README.md has the mathematics.

set NODES;
set LINKS within NODES cross NODES;
param origin symbolic in NODES;
param destination symbolic in NODES;
param trips > 0;                          # thousand cars an hour from origin to destination
param free{LINKS} > 0;                    # minutes on the empty street
param capacity{LINKS} > 0;                # thousand cars an hour
param local{LINKS} >= 0;                  # cars that stay on the street whatever it takes
param price{LINKS} > 0;                   # of a thousand cars an hour more, in thousand minutes an hour
param widest >= 0;

upper;

var add{LINKS} >= 0, <= widest;

lower drivers;

var flow{LINKS} >= 0;

# The sum of the integrals of the travel times is least where no driver gains by another way.
minimize potential:
  sum{(i,j) in LINKS} free[i,j]*(flow[i,j] + 0.03*(flow[i,j] + local[i,j])^5/(capacity[i,j] + add[i,j])^4);

subject to balance{n in NODES: n != destination}:
  sum{(n,j) in LINKS} flow[n,j] - sum{(i,n) in LINKS} flow[i,n] = if n = origin then trips else 0;

upper;

minimize total:
  sum{(i,j) in LINKS} (free[i,j]*(flow[i,j] + local[i,j])*(1 + 0.15*((flow[i,j] + local[i,j])/(capacity[i,j] + add[i,j]))^4)
    + price[i,j]*add[i,j]);

data;

set NODES := west north south east;
param origin := west;
param destination := east;
param trips := 6;
param widest := 6;

param: LINKS: free capacity local price :=
  west  north    4    2.5       0     8       # a bridge
  west  south   22    2.5       0     3       # a country road
  north south   10      1     0.5     8       # through the old town
  north east    22    2.5       0     3       # a country road
  south east     4      3       0     8 ;     # a bridge
