param p default 1;
let p = 3;
