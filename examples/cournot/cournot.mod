# Five companies sell one product. The first, the leader, brings its quantity to the market; the other four see it and
# settle among themselves: none of them gains by another quantity. README.md has the mathematics and the sources.

set FIRMS := 1..5;
param cost{FIRMS} >= 0;                  # of the first unit
param size{FIRMS} > 0;                   # at this quantity a unit costs one more than the first one
param bend{FIRMS} > 0;                   # a small one lets the cost of a unit rise fast
param elasticity := 1;                   # of demand
param limit := 150;                      # of a company's quantity
param scale := 5000^(1/elasticity);      # the price at which one unit is sold

# What quantity q costs company i is  cost[i]*q + curve[i]*q^power[i].
param power{i in FIRMS} := 1 + 1/bend[i];
param curve{i in FIRMS} := size[i]^(-1/bend[i])/power[i];

upper;
var lead >= 0, <= limit, := limit/2;

lower second nash;
var q2 >= 0, <= limit, := limit/5;

lower third nash;
var q3 >= 0, <= limit, := limit/5;

lower fourth nash;
var q4 >= 0, <= limit, := limit/5;

lower fifth nash;
var q5 >= 0, <= limit, := limit/5;

var price = scale*(lead + q2 + q3 + q4 + q5)^(-1/elasticity);

lower second;
maximize profit2: price*q2 - cost[2]*q2 - curve[2]*q2^power[2];

lower third;
maximize profit3: price*q3 - cost[3]*q3 - curve[3]*q3^power[3];

lower fourth;
maximize profit4: price*q4 - cost[4]*q4 - curve[4]*q4^power[4];

lower fifth;
maximize profit5: price*q5 - cost[5]*q5 - curve[5]*q5^power[5];

upper;
maximize profit: price*lead - cost[1]*lead - curve[1]*lead^power[1];

data;
param: cost size bend :=
  1     10    5   1.2
  2      8    5   1.1
  3      6    5   1.0
  4      4    5   0.9
  5      2    5   0.8;
