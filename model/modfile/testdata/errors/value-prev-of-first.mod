set T := 1..3;
param d {t in T} := t - prev(t,T);
var x;
minimize f: d[1]*x;
