var x;
var y;
subject to c: x >= 0 complements y;
