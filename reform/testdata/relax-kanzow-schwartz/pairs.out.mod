# relax:kanzow-schwartz: 4 pairs at t = 0.01: a solution satisfies a pair to within 0.01
var a {1..2} >= 0;
var b >= 0, <= 4;
var c >= 0;
var d >= 0, <= 0;
var e >= 0, <= 0;
minimize F: -2*a[1] - 4*a[2] - 6*b - c + d + e + a[1]^2 + a[2]^2 + b^2 + 14;
subject to p_b[1]: a[2] + b >= 1;
subject to p_b[2]: a[1] + b >= 1;
subject to q_a: -b >= -4;
subject to n_a: exp(c) >= 1;
subject to n_b: a[1] + b >= 0;
subject to decided_b: a[2] + e >= 0;
subject to relax_p[1]: if 0.02 <= a[1] + a[2] + b - 1 then (a[1] - 0.01)*(a[2] + b - 1.01) else -0.5*(a[1] - 0.01)^2
        - 0.5*(a[2] + b - 1.01)^2 <= 0;
subject to relax_p[2]: if 0.02 <= a[1] + a[2] + b - 1 then (a[2] - 0.01)*(a[1] + b - 1.01) else -0.5*(a[2] - 0.01)^2
        - 0.5*(a[1] + b - 1.01)^2 <= 0;
subject to relax_q: if 0.02 <= c - b + 4 then (3.99 - b)*(c - 0.01) else -0.5*(3.99 - b)^2 - 0.5*(c - 0.01)^2 <=
        0;
subject to relax_n: if 0.02 <= exp(c) + a[1] + b - 1 then (exp(c) - 1.01)*(a[1] + b - 0.01) else -0.5*(exp(c) -
        1.01)^2 - 0.5*(a[1] + b - 0.01)^2 <= 0;
let p_b[1].member := 1;
let p_b[2].member := 1;
let q_a.member := 1;
let n_a.member := 1;
let n_b.member := 1;
let decided_b.member := 1;
