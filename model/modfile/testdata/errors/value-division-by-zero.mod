set I := 0..2;
param p {i in I} := 1/i;
var x {I};
minimize f: sum {i in I} p[i]*x[i];
