# One variable of each kind of bounds: free, from below, from above, both, fixed. The fixed one gets no condition.
var x >= 0, <= 4;
lower f;
var free; var below >= 1; var above <= 3; var both >= -2, <= 2; var fixed >= 5, <= 5;
maximize g: free - 2 * below + above + x * both - 3 * fixed;
subject to cap: free + fixed <= 2 * x;
upper;
minimize F: free + both;
