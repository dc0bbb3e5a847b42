set I := 1..100000;
var x {I, I, I} >= 0;
