# dual-product: 1 product in the leader's objective replaced exactly
var bid >= 0, <= 10;

lower market;
var p >= 0;
var q >= 0;
minimize bids: 5*q + bid*p;
subject to balance: p + q = 10;
subject to full_p: p <= 8;
subject to full_q: q <= 6;

upper;
maximize profit: -2*p - 5*q + 10*balance.dual + 6*full_q.dual;
