var x >= 0, <= 1;
lower f;
var y >= 0;
minimize g: y;
subject to a: y >= x;
upper;
minimize F: x^2 + y;
