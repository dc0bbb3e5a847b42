set I := 1..3;
var x;
minimize f: I*x;
