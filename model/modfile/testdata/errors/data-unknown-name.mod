param cost {1..3};
data;
param cots := 1 2 2 3 3 4;
