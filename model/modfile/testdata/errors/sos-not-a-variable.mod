var x >= 0;
param p := 1;
sos1 s: p: 1, x: 2;
