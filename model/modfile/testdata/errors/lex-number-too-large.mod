param p := 1e400;
var x;
minimize f: p*x;
