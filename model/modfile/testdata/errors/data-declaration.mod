param n;
data;
param n := 3;
minimize f: 3;
