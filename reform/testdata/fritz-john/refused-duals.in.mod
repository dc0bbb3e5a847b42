# Shadow prices that the leader sees are the multipliers themselves, up to sign; that of a range is a difference of two.
var x >= 0, <= 4;
lower f;
var y >= 0;
maximize g: 3 * y;
subject to most: y <= 2 + x;
subject to range: -1 <= y - x <= 5;
subject to same: y - x = 2;
upper;
minimize F: x + most.dual + 2 * range.dual - same.dual;
