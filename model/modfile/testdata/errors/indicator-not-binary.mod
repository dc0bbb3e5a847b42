var z >= 0, <= 1;
var x;
subject to c: z = 1 ==> x <= 3;
