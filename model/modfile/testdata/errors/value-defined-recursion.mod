var x;
var d {i in 1..3} = x*d[i mod 3 + 1];
minimize f: d[1];
