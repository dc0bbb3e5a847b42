# smooth: kinks of 3 functions rounded with μ = 0.01
var x >= 0, <= 5;

lower lower;
var y {1..2} >= -10, <= 10;
var part1 = sqrt((x - y[1])^2 + 0.0001);

upper;
minimize F: x - 0.5*y[1] + 0.5*y[2] + 0.5*part1 - 0.5*sqrt((x - y[2])^2 + 0.0001) + (4 - y[1])*(0.5*tanh(50*y[1]
        - 100) + 0.5)*(0.5*tanh(150 - 50*x) + 0.5) + y[1]*(1 - (0.5*tanh(50*y[1] - 100) + 0.5)*(0.5*tanh(150 - 50*x)
        + 0.5));

lower lower;
minimize f: -0.25*x - 0.25*y[1] - 0.5*y[2] + y[1]^2 + y[2]^2 - 0.25*part1 + sqrt((y[1] - x)^2 + 0.0001) - 0.5*sqrt((0.5*x
        + 0.5*y[1] - y[2] + 0.5*part1)^2 + 0.0001);
subject to norm: sqrt(y[1]^2 + y[2]^2 + 0.0001) <= 4;
