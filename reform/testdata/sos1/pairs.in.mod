# The bounds of a are declared; those of b are not; that of the second pair's first side follows from its terms.
var a >= 0, <= 4; var b >= 0; var c >= 0, <= 1;
minimize F: a - b + c;
subject to p: 0 <= a complements b >= 0;
subject to q: 0 <= 3 - a - c complements c >= 0;
