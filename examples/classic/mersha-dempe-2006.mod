# Source: Mersha and Dempe (2006), "Linear bilevel programming with upper level constraints depending on the lower level solution",
# Applied Mathematics and Computation 180, 247-254, example 2.
# Optimum -20 at x = 8, y = 6. The rows a and b are the leader's and hold y: they count after the follower has answered, and cut the
# answers into pieces. mersha-dempe-2006-moved.mod gives them to the follower.
upper;
var x;

lower;
var y;
minimize f: -y;
subject to c: 3*x - y >= 3;
subject to d: 3*x + y <= 30;

upper;
minimize F: -x - 2*y;
subject to a: 2*x - 3*y >= -12;
subject to b: x + y <= 14;
