# Model paired

var x_0 >= 0;
var x_1 >= 0;
var x_2 >= 0;
var top <= 4;
var box >= 1, <= 3;
var any;
minimize objective_: x_0 + x_1 + x_2 + box^2;
subject to single: x_0 + 2*x_1 >= 1;
subject to double: -1 <= x_2 - any <= 1;
subject to value: -Infinity <= log(x_1 + 3) + 0.5 <= Infinity;
subject to plain: x_0 + 2*x_1 >= 1 complements x_0 >= 0;
subject to above: top <= 4 complements any + x_1^2 <= 5;
subject to rows: any + exp(x_2) >= 2 complements x_2 - any <= 1;
subject to again: x_0 >= 0 complements x_2 - any >= -1;
subject to both: x_1 >= 0 complements x_2 >= 0;
subject to bounded: box >= 1 complements x_0 + 2*x_1 >= 1;
subject to between: 1 <= box <= 3 complements log(x_1 + 3) + 0.5;
subject to sides: -2 <= x_0 - any <= 2 complements top;
subject to open: -Infinity <= any <= Infinity complements log(x_1 + 3) + 0.5;
