# Source: Clark and Westerberg (1990), "Bilevel programming for steady-state chemical process design: I. Fundamentals and algorithms",
# Computers and Chemical Engineering 14, 87-97.
# Optimum -13 at x = 5, y = (4, 2). y2 is free and does not stand in the follower's objective: the leader chooses among its values.
upper;
var x >= 0, <= 8;

lower;
var y1 >= 0, <= 4;
var y2;
minimize f: -y1;
subject to a: -2*x + y1 + 4*y2 <= 16;
subject to b: 8*x + 3*y1 - 2*y2 <= 48;
subject to c: -2*x + y1 - 3*y2 <= -12;

upper;
minimize F: -x - 3*y1 + 2*y2;
