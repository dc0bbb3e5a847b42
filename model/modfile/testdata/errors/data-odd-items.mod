param p {1..3};
data;
param p := 1 2 2;
