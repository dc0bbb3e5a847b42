upper leader;
var x;
