var open binary;
var x >= 0, <= 100; var y;
minimize F: 10 * open - x;
subject to closed: open = 0 ==> x <= 2;
subject to opened: open = 1 ==> 3 <= x + y <= 30;
