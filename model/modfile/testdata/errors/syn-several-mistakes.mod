var x >= ;
param p := * 3;
set S := {1, };
var y <= 4;
minimize f: x +* y;
