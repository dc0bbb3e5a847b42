# Two blocks, an inequality for each. In the first x enters the right-hand side, with 0 <= x <= 4.
var x >= 0, <= 4;
lower f;
var y >= 0; var z >= 0;
minimize g: 2 * y + 5 * z;
subject to first: y >= 3 - x;
subject to second: z >= 1;
upper; minimize F: x + y;
