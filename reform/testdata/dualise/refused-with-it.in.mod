var x >= 0, <= 1;
lower f;
var y >= 0, <= 3;
minimize g: (1 + x) * y;
upper;
minimize F: x + y + x * y;
