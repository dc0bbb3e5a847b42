set S := {"a, b};
var x;
