set I := 1..3;
var x {I};
minimize f: sum {i in I: x[i] > 0} x[i];
