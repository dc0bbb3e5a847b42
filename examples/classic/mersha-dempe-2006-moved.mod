# Source: Mersha and Dempe (2006), as mersha-dempe-2006.mod, with the two rows of the leader given to the follower.
# Optimum -22 at x = 6, y = 8: whose constraint it is changes the answer.
upper;
var x;

lower;
var y;
minimize f: -y;
subject to a: 2*x - 3*y >= -12;
subject to b: x + y <= 14;
subject to c: 3*x - y >= 3;
subject to d: 3*x + y <= 30;

upper;
minimize F: -x - 2*y;
