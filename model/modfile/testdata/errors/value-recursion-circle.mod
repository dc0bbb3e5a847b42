param a := b + 1;
param b := a + 1;
var x;
minimize f: a*x;
