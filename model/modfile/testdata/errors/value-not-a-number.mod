param p := Infinity - Infinity;
var x;
minimize f: p*x;
