# penalty: the products of 4 pairs with the weight 10: a solution at which they are zero satisfies the pairs
var a {1..2} >= 0;
var b >= 0, <= 4;
var c >= 0;
var d >= 0, <= 0;
var e >= 0, <= 0;
minimize F: -12*a[1] - 14*a[2] - 6*b + 39*c + d + e + a[1]^2 + 20*a[1]*a[2] + 10*a[1]*b + a[2]^2 + 10*a[2]*b + b^2
        - 10*b*c + 10*((exp(c) - 1)*(a[1] + b)) + 14;
subject to p_b[1]: a[2] + b >= 1;
subject to p_b[2]: a[1] + b >= 1;
subject to q_a: -b >= -4;
subject to n_a: exp(c) >= 1;
subject to n_b: a[1] + b >= 0;
subject to decided_b: a[2] + e >= 0;
let p_b[1].member := 1;
let p_b[2].member := 1;
let q_a.member := 1;
let n_a.member := 1;
let n_b.member := 1;
let decided_b.member := 1;
