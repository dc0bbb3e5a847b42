# A follower with an integer variable, in a model of too many variables to be searched by boxes unasked.
var x {1..100} >= 0, <= 1;
lower f;
var y integer >= -1, <= 1;
minimize g: x[1] * y - y^2;
upper;
minimize F: x[1] + y + sum {i in 2..100} x[i];
