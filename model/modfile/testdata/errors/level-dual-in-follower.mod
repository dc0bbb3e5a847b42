upper;
var x;
lower A;
var y;
subject to c: y >= x;
minimize f: y*c.dual;
