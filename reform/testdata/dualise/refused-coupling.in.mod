var x >= 0, <= 1;
subject to none: x >= 0;
lower f;
var y >= 0, <= 3;
minimize g: (1 - x) * y;
upper;
maximize F: (1 - x) * y;
subject to seen: x + y <= 2;
