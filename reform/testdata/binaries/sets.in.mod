# Variables that may be negative need two constraints; z has no bound, so one is assumed.
set I := 1..3;
var x {I} >= -2, <= 5; var z >= 0;
maximize F: sum {i in I} x[i] + z;
subject to cap: z <= 100;
sos1 single: {i in I} x[i]: i;
sos1 other: x[1]: 1, z: 2;
