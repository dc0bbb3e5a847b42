set I := 1..3;
param p {I};
var x {I};
minimize f: sum {i in I} p[i]*x[i];
data;
param p := 1 5 3 7;
