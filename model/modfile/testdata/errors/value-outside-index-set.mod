set I := 1..3;
param p {I};
var x {I};
minimize f: sum {i in I} p[i+1]*x[i];
data;
param p := 1 5 2 6 3 7;
