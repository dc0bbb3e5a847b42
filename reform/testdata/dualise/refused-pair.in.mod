var x >= 0, <= 1;
lower f;
var y >= 0, <= 3;
minimize g: (1 - x) * y;
upper;
maximize F: (1 - x) * y;
subject to either: x >= 0 complements y >= 0;
