var x >= 0, <= 1;
lower f;
var y integer >= -1, <= 1;
minimize g: x * y - y^2;
upper;
minimize F: x + y;
