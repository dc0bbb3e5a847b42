param p {1..3};
var x;
minimize f: p[1]*x;
data;
param p := 1 2
  2 3
  4 5;
