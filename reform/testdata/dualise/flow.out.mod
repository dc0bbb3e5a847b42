# dualise: the leader gains what follower sender loses: dual problems without pairs, with 3 products of leader's variables and multipliers written exactly
# dualise: an answer of 1 follower is feasible whatever the leader decides: the primal constraints are left out
var hit {1..3} binary;
var a >= 0, <= 0;
var b >= 0, <= 0;
var c >= 0, <= 0;
var v_node1;
var u_road1 >= 0, <= 1;
var u_road2 >= 0, <= 1;
var u_road3 >= 0, <= 1;
var product_u_road1 >= 0, <= 1;
var product_u_road2 >= 0, <= 1;
var product_u_road3 >= 0, <= 1;
minimize F: hit[1] + 4*u_road1 + 3*u_road2 + 2*u_road3 - 4*product_u_road1 - 3*product_u_road2 - 2*product_u_road3;
subject to budget: hit[1] + hit[2] + hit[3] <= 1;
subject to node1: -Infinity <= 0 <= Infinity;
subject to road1: -Infinity <= 0 <= Infinity;
subject to road2: -Infinity <= 0 <= Infinity;
subject to road3: -Infinity <= 0 <= Infinity;
subject to stat_a: v_node1 + u_road1 >= 1;
subject to stat_b: -v_node1 + u_road2 >= 0;
subject to stat_c: -v_node1 + u_road3 >= 0;
subject to product_at[1]: -u_road1 + product_u_road1 <= 0;
subject to product_at[2]: -hit[1] + product_u_road1 <= 0;
subject to product_at[3]: -u_road2 + product_u_road2 <= 0;
subject to product_at[4]: -hit[2] + product_u_road2 <= 0;
subject to product_at[5]: -u_road3 + product_u_road3 <= 0;
subject to product_at[6]: -hit[3] + product_u_road3 <= 0;
