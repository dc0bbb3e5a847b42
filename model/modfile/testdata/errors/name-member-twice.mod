var x[1];
var x[2];
var x[1] >= 0;
