var x >= 0, <= 4;
var y >= 0;
var u_r >= 0;
minimize F: x - 2*y;
subject to r: -x + y <= 0;
subject to stat_y: u_r >= 0;
subject to c_r: u_r >= 0 complements r.uslack >= 0;
subject to b_y: stat_y.lslack >= 0 complements y >= 0;
