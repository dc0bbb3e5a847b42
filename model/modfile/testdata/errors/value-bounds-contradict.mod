param lo := 3;
var x >= lo, <= 2;
minimize f: x;
