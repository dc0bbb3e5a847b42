set S {1..2};
var x {i in 1..2, j in S[i]};
minimize f: sum {i in 1..2, j in S[i]} x[i,j];
data;
set S[1] := a b;
