param p {1..3};
data;
param p : 1 2 3 := 1 2 3 4;
