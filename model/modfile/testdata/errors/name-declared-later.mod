minimize f: x;
var x;
