var cap >= 0, <= 10;
lower market;
var q {1..2} >= 0;
maximize surplus: 10*q[1] + 8*q[2] - q[1]^2 - q[2]^2;
subject to
   limit {i in 1..2}: q[i] <= cap;
   floor_: 3 <= q[1] + q[2];
   both: q[1] <= q[2];
   band: 0 <= q[1] - q[2] + 1 <= 8;
upper;
maximize profit: sum {i in 1..2} limit[i].dual*cap - 2*cap + floor_.dual;
subject to price: limit[1].dual <= 5;
