param p := Infinity;
var x;
minimize f: p*x;
