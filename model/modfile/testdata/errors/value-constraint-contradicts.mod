param lo {i in 1..2} := 3*i;
var x;
subject to c {i in 1..2}: lo[i] <= x <= 4;
