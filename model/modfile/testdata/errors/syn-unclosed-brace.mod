set I := 1..3;
var x {i in I;
