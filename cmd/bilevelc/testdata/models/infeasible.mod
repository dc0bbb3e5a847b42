var x >= 0, <= 1;
lower f;
var y >= 0;
minimize g: y;
subject to r: y >= x;
upper;
minimize F: x;
subject to c: y >= 2;
