# No leader's variable in the constraints or prices: the duality constraint is linear.
var x >= 0, <= 4;
lower f; var y >= 0; var z >= 0, <= 5;
minimize g: 2 * y + 3 * z;
subject to r: y + z >= 3;
upper; minimize F: x - z;
subject to link: z + x <= 4;
