param p {1..3};
data;
param p := 1 2 2 two 3 4;
