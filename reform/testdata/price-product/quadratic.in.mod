# Q != 0: minus y'Qy, concave in a maximisation.
var p >= 0, <= 10;
lower f; var y >= 0;
minimize g: y^2 - 10 * y + p * y;
upper; maximize F: p * y;
