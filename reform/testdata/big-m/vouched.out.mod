# big-m: 2 bounds vouched for in the model, largest 9
# assumed: multiplier of pair p (a) <= 9
# assumed: slack of pair p (b) <= 8
var a >= 0, <= 40;
var b >= 0;
var z[1] binary;
minimize F: a - b;
subject to bigm[1]: a - 9*z[1] <= 0;
subject to bigm[2]: b + 8*z[1] <= 8;
