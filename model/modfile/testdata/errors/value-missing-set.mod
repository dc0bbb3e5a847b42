set I;
var x {I};
minimize f: sum {i in I} x[i];
