# A member that can only be zero gets the big-M zero.
var a >= 0, <= 0; var b >= 0, <= 2;
minimize F: a - b;
subject to p: 0 <= a complements b >= 0;
