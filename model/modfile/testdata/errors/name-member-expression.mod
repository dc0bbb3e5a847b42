param n := 3;
var x[n];
