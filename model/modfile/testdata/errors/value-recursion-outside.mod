param B {i in 0..5} := B[i-1]*i;
var x;
minimize f: B[3]*x;
