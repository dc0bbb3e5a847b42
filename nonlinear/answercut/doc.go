// Package answercut solves linear bilevel problems whose followers have integer variables, where all of the leader's variables that reach the followers'
// constraints (the linking variables) are integer:
//
//	min c'x + d'y  subject to  rows of the leader in (x, y),  y_k in argmin { f_k'z : A_k x + B_k z <= b_k, z in its box, some of z integer }
//
// for each follower k. Integer programs are solved by HiGHS, and what is proven is as good as their answers.
//
// # How
//
// The relaxation without the followers' objectives (the high-point relaxation) is solved as an integer program. At the leader's decision in its optimum each
// follower is solved. Where the followers' parts are optimal answers the optimum is that of the bilevel problem. Otherwise the better answer z gives a
// cut for its follower,
//
//	f'y <= f'z + sum over rows r of M_r w_r,   w_r in {0, 1},   w_r = 1 only if  A_r x >= beta_r,
//
// where row r is one that some decisions make z violate, and does so exactly where A_r x >= beta_r: as x is integer, the values of A_r x lie on a grid, and
// beta_r is its first point above b_r - B_r z. A decision that admits z thus leaves the follower no worse answer than z; one that blocks z is left alone
// by M_r = max f'y - f'z over a linear relaxation. Each decision of the relaxation gets its answer, so that none comes twice and the method ends. This is
// the method of Lozano and Smith (A value-function-based exact approach for the bilevel mixed-integer programming problem, Operations Research 65, 2017).
//
// Where the follower can give up the one item that row r blocks, and stay feasible, because no other row minds (its coefficients of that variable
// have the right sign), M_r is what that costs: f_j (l_j - z_j). In knapsack interdiction these are the cuts of Caprara, Carvalho, Lodi and Woeginger
// (Bilevel knapsack with interdiction constraints, INFORMS Journal on Computing 28, 2016), and the relaxation is then far tighter.
//
// Points come from the same decisions: with the linking variables fixed, and f'y <= f'z, one more integer program gives the best answer for the leader.
//
// # Numbers
//
// A cut holds for all decisions if z meets the follower's constraints at its own, and w_r may be 1 wherever z violates row r. So answers are computed once more with
// their integers whole, and looked at; and beta_r is found to the rounding of double precision, not to the tolerances of HiGHS: a decision that makes z violate
// 1e6 x + y <= 3000000.6 by 0.4 is not bound by z. Numbers for which that is not enough (rows whose numbers come to more than 1e10 of their smallest steps) are refused. A relaxation that leaves out a
// point known to be feasible by more than rounding proves nothing and says so, and so does one that comes back to a decision that has its answers.
package answercut
