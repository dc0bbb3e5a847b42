set I := {};
param p := min {i in I} i;
var x;
minimize f: p*x;
