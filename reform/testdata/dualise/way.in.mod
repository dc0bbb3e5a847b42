# A shortest way from s to t, by a or b, which the leader makes longer; the leader also pays for what it does. Nothing but an LP shows that
# there is a way whatever it does: the primal constraints stay.
var hit {1..2} binary;
subject to budget: sum {k in 1..2} hit[k] <= 1;
lower traveller;
var sa >= 0;
var sb >= 0;
var at >= 0;
var bt >= 0;
minimize length: 2 * sa + (1 + 5 * hit[1]) * at + 3 * sb + (2 + 4 * hit[2]) * bt;
subject to a: sa - at = 0;
subject to b: sb - bt = 0;
subject to t: at + bt = 1;
upper;
maximize F: 3 - 0.5 * hit[1] + 2 * sa + (1 + 5 * hit[1]) * at + 3 * sb + (2 + 4 * hit[2]) * bt;
