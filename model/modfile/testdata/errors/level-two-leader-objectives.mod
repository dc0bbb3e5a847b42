upper;
var x;
minimize F: x;
lower;
var y;
minimize f: y;
upper;
maximize G: x;
