// Package branch solves linear and convex-quadratic problems with complementarity pairs exactly, without big-M:
//
//	min  c'x + 1/2 x'Qx   s.t.  rows, bounds, some x integer,  0 <= a_k ⟂ b_k >= 0
//
// where each member a_k, b_k of a pair is the slack of a bound of a column or row. A node of the tree fixes members of some pairs to
// zero, which is a change of bounds of one persistent LP, solved again from the basis at hand; the other pairs are relaxed. Nothing is
// assumed about the size of multipliers, so that the bound is a proof.
//
// The steps: propagation of bounds through rows and pairs, probing of pairs and of rows at the root, LP bounds, branching by pseudocosts
// with a little strong branching, incumbents by fixing the pattern of complementarity that a point shows.
package branch
