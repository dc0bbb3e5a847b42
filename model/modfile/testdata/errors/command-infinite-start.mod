var x;
let x := Infinity;
