# dual-product: 1 product in the leader's objective replaced exactly
var x >= 0, <= 4;

lower f;
var y >= 0;

lower h;
var z >= 0;

lower f;
minimize g: y + x*y;

lower h;
minimize k: 3*z;

lower f;
subject to a: y >= 2;

lower h;
subject to c: z >= 1;

upper;
maximize F: -z + 2*a.dual;
