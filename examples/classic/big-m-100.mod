# A big-M of 100 gives a wrong answer, and nothing in the answer betrays it. Written for this project.
# The follower answers y = max(-x, 4x). The leader's bounds on y leave x in [-60, -30] and [7.5, 15].
# Optimum -90 at x = -60, y = 60, where b has the slack 300. With a big-M of 100 no x < -20 is possible, and -15 at x = 15, y = 60 looks optimal:
# slack 75, multipliers 0 and 1, all well below 100.
upper;
var x >= -60, <= 15;

lower;
var y;
minimize f: y;
subject to a: y >= -x;
subject to b: y >= 4*x;

upper;
minimize F: x - 0.5*y;
subject to window: 30 <= y <= 80;
