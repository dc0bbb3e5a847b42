upper;
var x;
subject to c: x >= 1;
minimize F: c.dual;
