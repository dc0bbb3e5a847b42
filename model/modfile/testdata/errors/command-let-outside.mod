var x {1..3};
let x[4] := 1;
