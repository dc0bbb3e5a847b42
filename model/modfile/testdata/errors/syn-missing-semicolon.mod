var x >= 0
var y;
minimize f: x + y;
