# Five companies sell one product. The first, the leader, brings its quantity to the market; the other four see it and
# settle among themselves: none of them gains by another quantity. README.md has the mathematics and the sources.

set FIRMS := 1..5;
param cost{FIRMS};
param capacity{FIRMS};
param bend{FIRMS};
param elasticity := 1;
param limit := 150;
param scale := 5000^(1/elasticity);

upper;
var lead >= 0, <= limit, := 75;

lower second nash;
var q2 >= 0, <= limit, := 30;

lower third nash;
var q3 >= 0, <= limit, := 30;

lower fourth nash;
var q4 >= 0, <= limit, := 30;

lower fifth nash;
var q5 >= 0, <= limit, := 30;

lower second;
maximize profit2: scale * q2 * (lead + q2 + q3 + q4 + q5)^(-1/elasticity) - cost[2]*q2 - bend[2]/(bend[2] + 1) * capacity[2]^(-1/bend[2]) * q2^((1 + bend[2])/bend[2]);

lower third;
maximize profit3: scale * q3 * (lead + q2 + q3 + q4 + q5)^(-1/elasticity) - cost[3]*q3 - bend[3]/(bend[3] + 1) * capacity[3]^(-1/bend[3]) * q3^((1 + bend[3])/bend[3]);

lower fourth;
maximize profit4: scale * q4 * (lead + q2 + q3 + q4 + q5)^(-1/elasticity) - cost[4]*q4 - bend[4]/(bend[4] + 1) * capacity[4]^(-1/bend[4]) * q4^((1 + bend[4])/bend[4]);

lower fifth;
maximize profit5: scale * q5 * (lead + q2 + q3 + q4 + q5)^(-1/elasticity) - cost[5]*q5 - bend[5]/(bend[5] + 1) * capacity[5]^(-1/bend[5]) * q5^((1 + bend[5])/bend[5]);

upper;
maximize profit1: scale * lead * (lead + q2 + q3 + q4 + q5)^(-1/elasticity) - cost[1]*lead - bend[1]/(bend[1] + 1) * capacity[1]^(-1/bend[1]) * lead^((1 + bend[1])/bend[1]);

data;
param: cost capacity bend :=
  1     10      5     1.2
  2      8      5     1.1
  3      6      5     1.0
  4      4      5     0.9
  5      2      5     0.8;
