# Two followers that answer each other: the conditions of both together are those of an equilibrium.
var x >= 0, <= 4;
lower a nash; var y >= 0;
lower b nash; var z >= 0;
lower a; minimize fa: y^2 + y * z - x * y;
lower b; minimize fb: z^2 + y * z - 2 * z;
subject to room: y + z <= 6;
upper;
minimize F: x + y + z;
