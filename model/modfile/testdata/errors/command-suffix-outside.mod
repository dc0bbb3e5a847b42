lower;
var x {1..2};
subject to c {i in 1..2}: x[i] >= 1;
let c[3].reform := "sos1";
