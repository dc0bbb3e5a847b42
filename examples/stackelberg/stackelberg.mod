# Two companies sell the same product; the price falls with the quantity that both bring to the market.
# The leader chooses its quantity first, the follower answers with the best quantity for itself.

param a > 0;                            # price at quantity zero
param b > 0;                            # fall of the price for one unit more
param cost_leader >= 0;                 # cost of one unit
param cost_follower >= 0;

upper;

var leader >= 0, <= a/b;                # quantity; at a/b the price is zero

lower rival;

var follower >= 0;

maximize rival_profit: (a - b*(leader + follower))*follower - cost_follower*follower;

upper;

maximize profit: (a - b*(leader + follower))*leader - cost_leader*leader;

data;

param a := 100;
param b := 2;
param cost_leader := 20;
param cost_follower := 16;
