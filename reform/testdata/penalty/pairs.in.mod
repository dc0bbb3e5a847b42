# A family, the slack of an upper bound, a nonlinear member, a member with itself, and a pair that a bound decides.
var a {1..2} >= 0; var b >= 0, <= 4; var c >= 0; var d >= 0, <= 0; var e >= 0;
minimize F: sum {k in 1..2} (a[k] - k)^2 + (b - 3)^2 - c + d + e;
subject to p {k in 1..2}: 0 <= a[k] complements b + a[3-k] - 1 >= 0;
subject to q: 4 - b >= 0 complements c >= 0;
subject to n: 0 <= exp(c) - 1 complements a[1] + b >= 0;
subject to self: 0 <= e complements e >= 0;
subject to decided: 0 <= d complements a[2] + e >= 0;
