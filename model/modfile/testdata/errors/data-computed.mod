param p := 3;
data;
param p := 4;
