param p := 10^308;
var x;
minimize f: p*p*x;
