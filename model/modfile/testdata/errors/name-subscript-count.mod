set I := 1..3;
var x {I,I};
minimize f: x[1];
