# relax:kadrani: 2 pairs at t = 0.01: a solution satisfies a pair to within 0.01
var a >= 0.99;
var b >= -0.01;
var c >= -0.01;
minimize F: a + b + c;
subject to relax_p: -0.01*a - 1.01*b + a*b <= -0.0101;
subject to relax_q: -0.01*a - 1.01*c + a*c <= -0.0101;
