lower A;
var y;
subject to c: y >= 0;
upper;
minimize F: c.price;
