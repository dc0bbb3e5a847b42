set I := {};
param p := first(I);
var x;
minimize f: p*x;
