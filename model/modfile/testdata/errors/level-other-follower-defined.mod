lower A;
var a >= 0;
var twice = 2*a;
minimize fa: a;
lower B;
var b >= 0;
subject to c: b >= twice;
