# kkt-strong: a primal-dual inequality for 1 of 1 block
var x >= 0, <= 2;
var y >= 0;
var z >= 0;
var u_r >= 0;
minimize F: x - y - z;
subject to r: y + z <= 4;
subject to stat_y: 2*y - 2*z + u_r >= 3;
subject to stat_z: -2*y + 4*z + u_r >= 0;
subject to primaldual[1]: -3*y + 4*u_r <= 0;
subject to c_r: u_r >= 0 complements r.uslack >= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= 0;
subject to b_z: stat_z.lslack >= 0 complements z >= 0;
