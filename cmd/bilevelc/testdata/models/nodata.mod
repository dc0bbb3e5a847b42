param cost;
var x >= 0;
minimize F: cost * x;
