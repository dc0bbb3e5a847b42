var x;
let y := 3;
