param n integer >= 0 := 2.5;
var x;
minimize f: n*x;
