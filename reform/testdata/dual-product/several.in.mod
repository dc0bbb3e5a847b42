# Two followers; the prices of one only take part.
var x >= 0, <= 4;
lower f;
var y >= 0;
minimize g: (1 + x) * y;
subject to a: y >= 2;
lower h;
var z >= 0;
minimize k: 3 * z;
subject to c: z >= 1;
upper;
maximize F: a.dual * y - z;
