set I := 1..2;
param u {i in I} := 10*i;
param none := Infinity;
var x {I};
var y;
subject to
   le {i in I}: x[i] <= u[i];
   ge: y >= 3 - 1;
   eq: x[1] + y = 2*y + 4;
   flipped: 4 >= 2*y;
   range_: 1 <= x[1] + y + 1 <= 5;
   down: 5 >= x[2] - 1 >= -5;
   free: y <= none;
   half: -Infinity <= x[1] - y <= 2;
   bilinear: x[1]*x[2] - 2*y^2 >= 1;
   nonlinear: exp(x[1])*y + log(x[2] + 2) <= sqrt(y);
   empty: 0*y >= -1;
