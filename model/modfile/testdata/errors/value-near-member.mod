set R := {"north", "south"};
var x {R} >= 0;
minimize f: x["nort"];
