// Package simplex solves small linear programs again and again: the relaxations at the nodes of a search, some hundred rows and columns, of
// which each differs from the last by a few bounds. There a solver for large programs spends most of its time on setting out. This one keeps
// the whole simplex tableau, dense, from one solve to the next:
//
//	min c'x + c0   over  lo <= (x, Ax) <= hi.
//
// The columns x_j and the rows s_i = (Ax)_i are quantities alike, numbered 0..n-1 and n..n+m-1. A basis makes m of them, the basic
// ones, functions of the n others, which are at one of their bounds:
//
//	basic_i = Σ_j t_ij nonbasic_j.
//
// A solve is the dual simplex method with bound flips and Devex weights; where the basis at hand is not dual feasible the costs that are in
// the way are moved, and the primal simplex method ends what the dual one began. No answer is taken from the tableau on trust: each is
// checked with the rows as they were given (see LP.Solve), and where a check fails twice the answer is Unknown.
//
// Source: the bound flipping ratio test and the ratio test with tolerances as in Maros, Computational Techniques of the Simplex Method (2003);
// the weights as in Forrest and Goldfarb (1992).
package simplex
