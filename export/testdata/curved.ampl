# Model curved

var x_0 >= 0.5, <= 4, := 1;
var x_1 >= 0.5, <= 4;
var lin <= 7;
var n integer >= 0, <= 5;
var z binary;
var o >= 1, <= 2, := 1.5;
var loose integer >= -3;
var part = log(2*x_0 + 3*x_1^2 + 1);
maximize profit: -lin + 2*o + exp(x_0 - x_1) + o^1.5 + 3.5;
subject to flat: -5 <= x_0 - 2*lin + z + loose <= 9;
subject to growth: exp(x_0 - x_1) + part - tanh(x_0) <= 20;
subject to inner: part + (sqrt(x_0*(n + 1))*sin(sqrt(x_0*(n + 1)))) >= 1;
subject to pieces: -x_0^2 + 0.25*x_0*x_1 + min(x_0, x_1, 2) + round(x_0*x_1) + trunc(x_1, 1) = 1;
subject to choice: -8 <= (if n <> 0 and x_0 < x_1 then x_0 else abs(x_1)) + 2*(if 1 <= x_0 then 1 else 0) + (x_0*x_1*cos(x_1)) <= 8;
subject to watch: -Infinity <= x_0 + 6 <= Infinity;
subject to nothing: 0 <= 1;
