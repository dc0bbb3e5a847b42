# A leader that maximises loses the products.
var a >= 0; var b >= 0, <= 4;
maximize F: a + b;
subject to p: a >= 0 complements 4 - b >= 0;
