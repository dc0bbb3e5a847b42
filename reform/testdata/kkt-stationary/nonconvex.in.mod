# A follower with two answers for x = 0, and a stationary point that is none: y = 0.
var x >= -1, <= 1;
lower f;
var y >= -2, <= 2;
minimize g: y^4 - 2 * y^2 - x * y;
upper;
minimize F: x^2 + y^2;
