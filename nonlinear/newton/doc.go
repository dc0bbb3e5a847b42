// Package newton is the built-in local solver of smooth programs (model/smooth),
//
//	min f(x)  s.t.  L <= c(x) <= U,  l <= x <= u,
//
// in pure Go. It writes rows with two different sides with slacks s and looks for a point that satisfies the first-order conditions in
// v = (x, s) and the multipliers,
//
//	∇f + J'λ - zl + zu = 0,   c(v) = 0,   0 <= v - l ⟂ zl >= 0,   0 <= u - v ⟂ zu >= 0,
//
// where the pairs are equations of an NCP function: φ(v - l, zl) = 0.
//
// # The interior iteration
//
// With the smoothed functions of Fischer and Burmeister or Chen, Harker, Kanzow and Smale, φ_mu(a, b) = a + b - √((a-b)² + 4mu), the equations say
// that a, b > 0 and ab = mu: the central path of interior point methods. Its Newton step in the primal-dual form condenses to one symmetric
// system,
//
//	[ W + Σ + δw I   J' ] [dx]
//	[ J             -D  ] [dλ],   Σ = zl/(x-l) + zu/(u-x),  D = (Σ_s + δw)^-1 + δc,
//
// which nonlinear/sparse factorises: block by block at the same time, where a few variables and rows join blocks that are apart otherwise, like the
// conditions of several followers (Options.Native blocks). δw >= 0 grows until the inertia is that of a step of descent (nx positive and m negative
// eigenvalues), δc > 0 where rows are dependent. The barrier parameter mu is the one whose step promises the least residual (see
// quality); where progress ends, it falls monotonically instead (see adaptive). A step is shortened so that a filter of pairs (violation,
// barrier function) takes the new point; second-order corrections are tried first, and where no step length is taken, the violation alone is
// reduced by the same iteration with elastic variables (see restoration). A point where that ends with violation left is a stationary point
// of the violation Σ|c|, which is what StatusInfeasible says.
//
// # Polishing
//
// What the interior iteration finds is the start of Newton's method on the system with mu = 0 and the function min(a, b): an active set
// method with full steps, whose points have exact zeros and exact bounds (see polisher). Where it works, residuals fall to rounding errors; where
// not, the interior iteration goes on with tighter bounds. A warm start begins with it: while the active bounds stay the same, one or two
// factorisations are a whole solve. Where the curvature at the end is that of a saddle, the iteration goes on from beside it.
//
// # More attempts
//
// A solve that fails is begun anew with a monotone barrier parameter and bounds moved further outwards. A program whose rows are not linear
// is called infeasible only after looks from two more starts. A start at which the functions have no value is replaced by one nearby.
//
// # The plain method
//
// Solver.Plain is the semismooth Newton method on the Fischer-Burmeister system with the merit function ½|F|², for comparison.
//
// Sources: Wächter and Biegler (2006) for the filter line search and restoration; Nocedal, Wächter and Waltz (2009) for the barrier
// parameter; De Luca, Facchinei and Kanzow (1996) for the plain method; Kanzow (1996) for smoothed functions and the central path.
package newton
