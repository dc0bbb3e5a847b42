var a {1..2};
var b >= 0, <= 4;
var c;
var d >= 0, <= 0;
var e >= 0, <= 0;
var part1 = a[1]^2 + (a[2] + b - 1)^2;
var part2 = a[2]^2 + (a[1] + b - 1)^2;
var part3 = (4 - b)^2 + c^2;
var part4 = (exp(c) - 1)^2 + (a[1] + b)^2;
minimize F: -2*a[1] - 4*a[2] - 6*b - c + d + e + a[1]^2 + a[2]^2 + b^2 + 14;
subject to p_b[1]: -Infinity <= a[2] + b <= Infinity;
subject to p_b[2]: -Infinity <= a[1] + b <= Infinity;
subject to q_a: -Infinity <= -b <= Infinity;
subject to n_a: -Infinity <= exp(c) <= Infinity;
subject to n_b: -Infinity <= a[1] + b <= Infinity;
subject to decided_b: a[2] + e >= 0;
subject to ncp_p[1]: -a[1] - a[2] - b + (if 0 < part1 then sqrt(part1) else 0.7071067811865476*a[1] + 0.7071067811865476*a[2]
        + 0.7071067811865476*b - 0.7071067811865476) = -1;
subject to ncp_p[2]: -a[1] - a[2] - b + (if 0 < part2 then sqrt(part2) else 0.7071067811865476*a[1] + 0.7071067811865476*a[2]
        + 0.7071067811865476*b - 0.7071067811865476) = -1;
subject to ncp_q: b - c + (if 0 < part3 then sqrt(part3) else 0.7071067811865476*c - 0.7071067811865476*b + 2.8284271247461903)
        = 4;
subject to ncp_n: -a[1] - b - exp(c) + (if 0 < part4 then sqrt(part4) else 0.7071067811865476*exp(c) + 0.7071067811865476*a[1]
        + 0.7071067811865476*b - 0.7071067811865476) = -1;
let p_b[1].member := 1;
let p_b[2].member := 1;
let q_a.member := 1;
let n_a.member := 1;
let n_b.member := 1;
let decided_b.member := 1;
