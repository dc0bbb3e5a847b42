# A small flow from s to t over two roads and one between them, which the leader may close. No flow is feasible whatever it closes: the primal
# constraints are left out.
var hit {1..3} binary;
subject to budget: sum {k in 1..3} hit[k] <= 1;
lower sender;
var a >= 0;
var b >= 0;
var c >= 0;
maximize sent: a;
subject to node1: a - b - c = 0;
subject to road1: a <= 4 * (1 - hit[1]);
subject to road2: b <= 3 * (1 - hit[2]);
subject to road3: c <= 2 * (1 - hit[3]);
upper;
minimize F: a + hit[1];
