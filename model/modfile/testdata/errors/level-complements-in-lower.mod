lower;
var y >= 0;
subject to c: 0 <= y complements y <= 3;
