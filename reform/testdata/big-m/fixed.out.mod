# big-m: 2 bounds from declared bounds, largest 2
var a >= 0, <= 0;
var b >= 0, <= 2;
var z[1] binary;
minimize F: a - b;
subject to bigm[1]: a <= 0;
subject to bigm[2]: b + 2*z[1] <= 2;
