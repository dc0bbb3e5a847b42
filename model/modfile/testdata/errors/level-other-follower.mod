upper;
var x;
lower A;
var a >= 0;
minimize fa: a;
lower B;
var b >= 0;
minimize fb: b - a;
