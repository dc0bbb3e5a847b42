set I := {"a", 2};
param p {i in I} := 2*i;
var x;
minimize f: p["a"]*x;
