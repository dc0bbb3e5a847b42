set I := 1..2;
var x {I};
minimize f {i in I}: x[i];
