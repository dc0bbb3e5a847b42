# fritz-john: the followers' objectives have weights, of which a zero says nothing of the objective: points are candidates until the followers are solved again
var x;
var y;
var z >= 0, <= 2;
var weight_lower >= 0, <= 1;
var u_disc >= 0;
var v_line;
var ub_z >= 0;
minimize F: -7*x + 8*y + x^2 + y^2 + 28.25;
subject to disc: -x + y^2 <= 0;
subject to line: y + z = 1;
subject to stat_y: -6*weight_lower + v_line + 2*y*weight_lower + 2*y*u_disc = 0;
subject to stat_z: v_line + ub_z + x*weight_lower + exp(z)*weight_lower >= 0;
subject to sum_lower: weight_lower + u_disc + ub_z + v_line^2 = 1;
subject to c_disc: u_disc >= 0 complements disc.uslack >= 0;
subject to b_z: stat_z.lslack >= 0 complements z >= 0;
subject to bu_z: ub_z >= 0 complements z <= 2;
