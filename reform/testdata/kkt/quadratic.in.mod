# A convex quadratic follower: the conditions stay linear. x y is linear for the follower.
var x >= -5, <= 5;
lower f;
var y >= 0; var z;
minimize g: y^2 + y * z + z^2 - x * y - 4 * z;
subject to room: y + z <= 3;
upper;
minimize F: (x - 1)^2 + z;
