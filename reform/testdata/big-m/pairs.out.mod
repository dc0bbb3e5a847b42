# big-m: 3 bounds from declared bounds, largest 4
# big-m: 1 bound assumed, not proven, largest 1e+04
# assumed: slack of pair p (b) <= 10000
var a >= 0, <= 4;
var b >= 0;
var c >= 0, <= 1;
var z {1..2} binary;
minimize F: a - b + c;
subject to q_a: -a - c >= -3;
subject to bigm[1]: a - 4*z[1] <= 0;
subject to bigm[2]: b + 10000*z[1] <= 10000;
subject to bigm[3]: -a - c - 3*z[2] <= -3;
subject to bigm[4]: c + z[2] <= 1;
let q_a.member := 1;
