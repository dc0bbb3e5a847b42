// Package stationarity judges a point of a mathematical program with complementarity constraints (MPCC)
//
//	min f(x)   s.t.  L <= c(x) <= U,  l <= x <= u,  0 <= A_k(x) ⟂ B_k(x) >= 0
//
// with mixed pairs lo <= a ⟂ b as well: which kind of stationary point it is, if any. [OfModel] does so for a model, [Problem.Classify]
// for a smooth program and its pairs, and [Problem.LPEC] finds the best first-order step within a trust region, for methods that go on
// from a point that is not stationary. Multipliers are always computed afresh: what a solver returns plays no part, since those of an
// interior point method are biased and those of a relaxed problem belong to another one.
//
// # The labels
//
// At a feasible point x, let multipliers be given of all active constraints, with the usual signs, and p_k, q_k of those members A_k, B_k that
// are zero, such that ∇f is the sum of multipliers times gradients. For the pairs with two zero members ("biactive") the point is
//
//	W  whatever p and q are
//	A  if p >= 0 or q >= 0 for each pair
//	C  if p q >= 0 for each pair
//	M  if p, q > 0 or p q = 0 for each pair
//	S  if p, q >= 0 for each pair
//
// -stationary. It is B-stationary if no direction of the problem linearised at x, complementarity included, descends. S implies B, B
// implies M, M implies A and C. Under MPCC-LICQ a local minimiser is S-stationary; without it, it may be merely M-stationary, or have no
// multipliers at all. Where no pair is biactive all labels are the same.
//
// # How they are decided
//
// Whether multipliers with given signs exist is one bounded least squares problem, or for large problems one linear program. For M, C and A
// the biactive pairs are branched on, and a set of signs is given up as soon as the pairs left free cannot repair it. B is decided by
// branching on the directions. No bound on multipliers is assumed anywhere, so that an answer is one up to the tolerances; where these leave a
// doubt, or a limit is hit, the answer is Undecided.
//
// # When a number is zero
//
// A slack counts as zero up to Options.Active times the size of the gradient of what it belongs to, and a residual of multipliers up to
// Options.Residual times 1 + ‖∇f‖∞. See the options for how the former adapts to the accuracy of the point.
package stationarity
