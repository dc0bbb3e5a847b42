# kkt-strong: a primal-dual inequality for 1 of 1 block
var x >= 0, <= 2;
var y >= 0, <= 10;
var ub_y >= 0;
minimize F: x - y;
subject to stat_y: -x + ub_y >= -1;
subject to primaldual[1]: -10*x + y + 10*ub_y <= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= 0;
subject to bu_y: ub_y >= 0 complements y <= 10;
