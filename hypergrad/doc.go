// Package hypergrad solves bilevel problems with followers of many variables by gradients of
//
//	h(x) = F(x, y*(x)),   y*(x) = argmin_y f(x, y),   x in X,
//
// without forming matrices: a Problem is a few oracles, the gradients of F and f and products with ∇²yy f and the mixed derivative
// C = ∂(∇y f)/∂x. With the adjoint v,
//
//	H v = ∇y F(x, y*),   H = ∇²yy f(x, y*),   ∇h(x) = ∇x F - C'v.
//
// # Problems
//
// Functions makes a Problem of Go functions, with differences of gradients in place of products that are missing; FromModel makes one of a
// model by its derivative tapes; package hypergrad/tasks has problems of machine learning. A follower that is not an unconstrained smooth one says so by one
// more interface: Supported (nonsmooth and separable, as the lasso), Constrained, Contraction (a fixed point), OwnSolver.
//
// # Deterministic methods
//
// Minimize moves x by a projected quasi-Newton method, or by gradient steps with a rule (Steps), over a Set. An Engine gives the gradients: implicit
// differentiation with conjugate gradients, a Neumann series or a fixed point, or backward and forward differentiation of gradient steps. Followers
// are solved by Newton's method, with a Cholesky factor where they are small and truncated conjugate gradients otherwise, from the answer before (and its
// tangent); adjoints start from the one before. How exactly follows the progress of the leader (Accuracy). Evaluator gives single values of h and ∇h.
// TikhonovPath follows h as a term α/2 ‖y‖² of the follower fades away.
//
// # Sampled methods
//
// MinimizeSampled takes problems that are sums (Sampled) and a Method: SOBA, SABA, SRBA (single loops; the last two reduce variance), BSA, TTSA,
// StocBiO, AmIGO, ALSET, STABLE, FSLA, SUSTAIN, MRBO, VRBO, and F2SA, BOME and Penalty, which need first derivatives only. Without step rules the steps are found
// on the way, and a run that begins to diverge goes back and shortens them.
//
// # What a run answers
//
// Stationary means that ‖x - P(x - ∇h)‖ was measured with a follower solved anew, more exactly. Oracle calls are counted by kind (Tally) and
// can be limited. The same input and seed give the same bits, for any number of threads; a State saved on the way continues to the same result.
// CheckHypergradient compares ∇h with differences of the solved follower, and the oracles with each other: call it once for every problem of your own.
package hypergrad
