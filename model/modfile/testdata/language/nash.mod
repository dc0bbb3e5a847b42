lower A nash;
var a >= 0;
lower B nash;
var b >= 0;
minimize fb: b^2 - a*b;
lower A;
minimize fa: a^2 - a*b;
subject to shared: a + b <= 10;
