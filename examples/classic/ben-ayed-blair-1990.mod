# Source: Ben-Ayed and Blair (1990), "Computational difficulties of bilevel linear programming", Operations Research 38, 556-560.
# Optimum 2.5 at x = 1, y = (0, 1). The paper gives it as a case that earlier methods get wrong.
upper;
var x >= 0, <= 1;

lower;
var y {1..2} >= 0;
maximize f: y[1] + 5*y[2];
subject to a: x + 3*y[1] + y[2] <= 5;
subject to b: 2*x + y[1] + 3*y[2] <= 5;

upper;
maximize F: 1.5*x + 6*y[1] + y[2];
