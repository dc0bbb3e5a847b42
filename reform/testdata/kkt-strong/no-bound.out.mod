# kkt-strong: a primal-dual inequality for 1 of 1 block
var x >= 0;
var y >= 0;
var u_r >= 0;
minimize F: x + y;
subject to r: x + y >= 3;
subject to stat_y: -u_r >= -2;
subject to primaldual[1]: 2*y - 3*u_r <= 0;
subject to c_r: u_r >= 0 complements r.lslack >= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= 0;
