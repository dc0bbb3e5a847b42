var x;
subject to c: x >= 1;
let c.bigm := 10;
