set I := 1..3;
var x {I};
minimize f: x;
