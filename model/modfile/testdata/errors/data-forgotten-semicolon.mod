param p {1..2};
param q;
data;
param p := 1 2 2 3
param q := 4;
