param n := 3;
var x {i in n};
