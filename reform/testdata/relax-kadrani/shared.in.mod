# A bound that two pairs refer to moves once, and the functions keep their zero.
var a >= 1; var b >= 0; var c >= 0;
minimize F: a + b + c;
subject to p: a >= 1 complements b >= 0;
subject to q: a >= 1 complements c >= 0;
