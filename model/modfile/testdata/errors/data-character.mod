param n symbolic;
data;
param n := a/b;
