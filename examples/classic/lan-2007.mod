# Source: Lan, Wen, Shih and Lee (2007), "A hybrid neural network approach to bilevel programming problems", Applied Mathematics Letters 20, 880-884.
# Optimum -936/11 = -85.0909 at x = 192/11, y = 120/11; the paper's heuristic gives -85.0855.
upper;
var x >= 0;

lower;
var y >= 0;
minimize f: x + 3*y;
subject to a: x - 2*y <= 4;
subject to b: 2*x - y <= 24;
subject to c: 3*x + 4*y <= 96;
subject to d: x + 7*y <= 126;
subject to e: -4*x + 5*y <= 65;
subject to g: x + 4*y >= 8;

upper;
minimize F: 2*x - 11*y;
