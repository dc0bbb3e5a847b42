# Prices of a product line: the leader sets the prices, each customer segment buys the product that leaves it the most, or nothing.
# Data: pricing.dat.

set SEGMENT;
set PRODUCT;
set OFFER within {SEGMENT, PRODUCT};            # (s,j): segment s considers product j

param size {SEGMENT} > 0;                       # customers in the segment
param worth {OFFER} >= 0;                       # reservation price: what the product is worth to one of them
param low {PRODUCT} >= 0;
param high {j in PRODUCT} >= low[j];

upper;

var price {j in PRODUCT} >= low[j], <= high[j];

lower customers;

# buy[s,j]: the share of segment s that buys product j; who buys nothing gains nothing.
var buy {OFFER} >= 0;

maximize surplus: sum {(s,j) in OFFER} (worth[s,j] - price[j]) * buy[s,j];
subject to one {s in SEGMENT}: sum {(s,j) in OFFER} buy[s,j] <= 1;

upper;

maximize revenue: sum {(s,j) in OFFER} size[s] * price[j] * buy[s,j];
