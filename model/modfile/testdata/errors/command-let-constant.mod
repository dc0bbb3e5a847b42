param p = 3;
let p := 4;
