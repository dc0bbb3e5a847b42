set I := 1..3;
set J within I;
var x {J};
minimize f: sum {j in J} x[j];
data;
set J := 1 4;
