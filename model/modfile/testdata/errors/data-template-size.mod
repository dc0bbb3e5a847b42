param a {1..2, 1..3};
data;
param a := [*] 1 2;
