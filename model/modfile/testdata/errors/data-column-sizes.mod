param p {1..3};
param q {1..3, 1..3};
data;
param : p q := 1 2 3;
