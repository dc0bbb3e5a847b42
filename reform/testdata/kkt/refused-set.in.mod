var x >= 0, <= 3;
lower f;
var y {1..2} >= 0, <= 4;
minimize g: -y[1] - 2*y[2] + x;
subject to a: y[1] + y[2] <= x + 2;
sos1 s: y[1]: 1, y[2]: 2;
upper;
minimize F: x - 2 * y[1];
