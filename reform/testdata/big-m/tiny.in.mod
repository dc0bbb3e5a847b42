# A bound of the size of a solver's tolerance is enlarged: the coefficient would be taken for zero.
var a >= 0, <= 0.000001; var b >= 0, <= 2;
minimize F: a - b;
subject to p: 0 <= a complements b >= 0;
