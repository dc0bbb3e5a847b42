# assumed: bound of opened <= 10000
# assumed: bound of opened <= 10000
var open binary;
var x >= 0, <= 100;
var y;
minimize F: 10*open - x;
subject to closed: -Infinity <= x <= Infinity;
subject to opened: -Infinity <= x + y <= Infinity;
subject to when_closed: -98*open + x <= 2;
subject to when_opened: 9970*open + x + y <= 10000;
subject to when_opened_: 10003*open - x - y <= 10000;
