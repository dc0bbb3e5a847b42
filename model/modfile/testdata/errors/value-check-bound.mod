set I := 1..3;
param p {i in I} >= 0, <= 2*i;
var x;
minimize f: p[1]*x;
data;
param p := 1 2 2 5 3 1;
