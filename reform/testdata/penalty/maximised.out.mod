# penalty: the products of 1 pair with the weight 10: a solution at which they are zero satisfies the pairs
var a >= 0;
var b >= 0, <= 4;
maximize F: -39*a + b + 10*a*b;
subject to p_b: -b >= -4;
let p_b.member := 1;
