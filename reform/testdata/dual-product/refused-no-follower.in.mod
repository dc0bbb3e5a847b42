var x >= 0, <= 1;
var y >= 0, <= 1;
maximize F: x * y;
