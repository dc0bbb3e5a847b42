# y'Qy is not negative as a whole and is dropped.
var x >= 0, <= 2;
lower f; var y >= 0; var z >= 0;
minimize g: y^2 - 2 * y * z + 2 * z^2 - 3 * y;
subject to r: y + z <= 4;
upper; minimize F: x - y - z;
