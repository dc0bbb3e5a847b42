param p := sqrt(-2);
var x;
minimize f: p*x;
