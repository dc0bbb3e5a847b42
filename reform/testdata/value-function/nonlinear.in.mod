# Three followers that need not be convex; one has an integer variable, one no objective.
var x >= -2, <= 2;
lower first;
var y >= -1, <= 1;
minimize f: sin(3*y) + x*y + x^2;
subject to ball: x^2 + y^2 <= 4;
lower second;
var n integer >= 0, <= 3;
maximize h: x*n - exp(n);
lower third;
var w >= 0;
subject to any: w + x >= 1;
upper;
minimize F: x + y*n;
