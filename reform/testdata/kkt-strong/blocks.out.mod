# kkt-strong: a primal-dual inequality for 2 of 2 blocks
var x >= 0, <= 4;
var y >= 0;
var z >= 0;
var u_first >= 0;
var u_second >= 0;
minimize F: x + y;
subject to `first`: x + y >= 3;
subject to second: z >= 1;
subject to stat_y: -u_first >= -2;
subject to stat_z: -u_second >= -5;
subject to primaldual[1]: 2*y - 3*u_first <= 0;
subject to primaldual[2]: 5*z - u_second <= 0;
subject to c_first: u_first >= 0 complements `first`.lslack >= 0;
subject to c_second: u_second >= 0 complements second.lslack >= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= 0;
subject to b_z: stat_z.lslack >= 0 complements z >= 0;
