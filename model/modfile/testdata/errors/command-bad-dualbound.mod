lower;
var x;
subject to c: x >= 1;
let c.dualbound := -1;
