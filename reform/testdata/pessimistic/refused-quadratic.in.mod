var x >= 0, <= 5;
lower f;
var y >= 0;
minimize g: y^2 - x * y;
upper;
minimize F: x + y;
