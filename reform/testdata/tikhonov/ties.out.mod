# tikhonov: 2 followers made to prefer short answers with α = 0.01
var x >= 0, <= 5;

lower A;
var y {1..2} >= 0;

lower B;
var z >= 0, <= 3;

upper;
minimize F: y[1] - z;

lower A;
minimize f: x^2 - 2*x*y[1] - 2*x*y[2] + 1.005*y[1]^2 + 2*y[1]*y[2] + 1.005*y[2]^2;

lower B;
maximize g: x*z - 0.005*z^2;
