var z binary;
var x;
subject to c: z >= 0.5 ==> x <= 3;
