param n := 0;
var x;
minimize f: x/n;
