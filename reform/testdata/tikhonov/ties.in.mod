# The follower is indifferent along y1 + y2 = x.
upper;
var x >= 0, <= 5;
lower A;
var y {1..2} >= 0;
minimize f: (y[1] + y[2] - x)^2;
lower B;
var z >= 0, <= 3;
maximize g: x * z;
upper;
minimize F: y[1] - z;
