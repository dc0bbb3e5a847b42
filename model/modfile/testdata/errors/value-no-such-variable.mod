set I := {"a","b"};
var x {I};
minimize f: x["c"];
