# Families of the follower keep their subscripts in the names of multipliers and pairs.
set I := 1..3;
var x {I} >= 0, <= 1;
lower f;
var y {I} >= 0;
minimize g: sum {i in I} i * y[i];
subject to need {i in I}: y[i] + x[i] >= i;
subject to all: sum {i in I} y[i] >= 4;
upper;
minimize F: sum {i in I} (y[i] - x[i]);
