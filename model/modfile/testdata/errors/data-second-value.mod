param p {1..3};
data;
param p := 1 2 2 3 1 4;
