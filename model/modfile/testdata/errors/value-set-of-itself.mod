set A := A union {1};
var x {A};
minimize f: sum {a in A} x[a];
