# x y >= 0 is dropped to the safe side; with x <= 2 and a maximising follower it is replaced by a linear bound.
var x >= 0, <= 2;
lower f; var y >= 0, <= 10;
maximize g: x * y - y;
upper; minimize F: x - y;
