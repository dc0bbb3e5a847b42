param a {1..2, 1..3};
data;
param a : 1 2 3 :=
 1  10 20 30
 2  40 50;
