# Without an objective the products are all that is minimised.
var a >= 0; var b >= 0, <= 4;
subject to p: a >= 0 complements 4 - b >= 0;
