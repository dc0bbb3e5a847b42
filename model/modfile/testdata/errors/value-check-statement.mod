param a {1..3} default 1;
check {i in 1..3}: a[i] > 0;
var x;
minimize f: x;
data;
let a[2] := -1;
