lower A nash;
var a >= 0;
lower B;
var b >= 0;
subject to c: a + b <= 1;
