# relax:steffensen-ulbrich: 4 pairs at t = 0.01: a solution satisfies a pair to within 0.00187
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
subject to relax_p[1]: if a[1] - a[2] - b + 1 <= -0.01 then 2*a[1] else if 0.01 <= a[1] - a[2] - b + 1 then 2*a[2]
        + 2*b - 2 else a[1] + a[2] + b - 75*(a[1] - a[2] - b + 1)^2 + 125000*(a[1] - a[2] - b + 1)^4 - 1.00375 <=
        0;
subject to relax_p[2]: if 1 - a[1] + a[2] - b <= -0.01 then 2*a[2] else if 0.01 <= 1 - a[1] + a[2] - b then 2*a[1]
        + 2*b - 2 else a[1] + a[2] + b - 75*(1 - a[1] + a[2] - b)^2 + 125000*(1 - a[1] + a[2] - b)^4 - 1.00375 <=
        0;
subject to relax_q: if 4 - c - b <= -0.01 then 8 - 2*b else if 0.01 <= 4 - c - b then 2*c else c - b - 75*(4 - c
        - b)^2 + 125000*(4 - c - b)^4 + 3.99625 <= 0;
subject to relax_n: if exp(c) - a[1] - b - 1 <= -0.01 then 2*exp(c) - 2 else if 0.01 <= exp(c) - a[1] - b - 1 then
        2*a[1] + 2*b else exp(c) + a[1] + b - 75*(exp(c) - a[1] - b - 1)^2 + 125000*(exp(c) - a[1] - b - 1)^4 -
        1.00375 <= 0;
let p_b[1].member := 1;
let p_b[2].member := 1;
let q_a.member := 1;
let n_a.member := 1;
let n_b.member := 1;
let decided_b.member := 1;
