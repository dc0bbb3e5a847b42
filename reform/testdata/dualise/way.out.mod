# dualise: the leader gains what follower traveller loses: dual problems without pairs
var hit {1..2} binary;
var sa >= 0;
var sb >= 0;
var at >= 0;
var bt >= 0;
var v_a;
var v_b;
var v_t;
maximize F: -0.5*hit[1] - v_t + 3;
subject to budget: hit[1] + hit[2] <= 1;
subject to a: sa - at = 0;
subject to b: sb - bt = 0;
subject to t: at + bt = 1;
subject to stat_sa: v_a >= -2;
subject to stat_sb: v_b >= -3;
subject to stat_at: 5*hit[1] - v_a + v_t >= -1;
subject to stat_bt: 4*hit[2] - v_b + v_t >= -2;
