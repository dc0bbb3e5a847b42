# A producer's output p at the market's price; another's is q.
var bid >= 0, <= 10;
lower market;
var p >= 0;
var q >= 0;
minimize bids: bid * p + 5 * q;
subject to balance: p + q = 10;
subject to full_p: p <= 8;
subject to full_q: q <= 6;
upper;
maximize profit: (balance.dual - 2) * p;
