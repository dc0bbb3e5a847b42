# Model general

var x_0 >= 0, <= 10;
var x_1 >= 0, <= 10;
var x_2 >= 0, <= 10;
var z binary;
minimize objective_: -3*x_2 + x_0^2 + x_0*x_1 + 2*x_1^2 - 1.5;
subject to ball: x_2 + x_0^2 + x_0*x_2 <= 50;
subject to on: z = 1 ==> x_0 + x_1 + x_2 >= 2;
subject to off: z = 0 ==> -1 <= x_0 - x_1 <= 1;
suffix sosno; suffix ref;
# SOS1 set one[1]
let x_0.sosno := 1; let x_0.ref := 1;
let x_1.sosno := 1; let x_1.ref := 2;
let x_2.sosno := 1; let x_2.ref := 4;
