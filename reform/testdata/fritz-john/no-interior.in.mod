# The follower's constraint has no interior at x = 0, where y = 0 is its answer and has no multiplier.
upper;
var x;

lower;
var y;
var z >= 0, <= 2;
minimize f: (y - 3)^2 + x*z + exp(z);
s.t. disc: y^2 <= x;
s.t. line: y + z = 1;

upper;
minimize F: (x - 3.5)^2 + (y + 4)^2;
