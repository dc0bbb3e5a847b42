let x := 3;
var x;
