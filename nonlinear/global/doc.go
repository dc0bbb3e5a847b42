// Package global finds and proves global optima of programs of a few variables,
//
//	min f(x)  subject to  L <= c(x) <= U,  l <= x <= u,  x_j integer for j in J,
//
// whose functions are expressions: no convexity and no smoothness is asked for. It is a branch and bound on boxes in which every bound is
// rounded outward, so that what it proves holds for the real functions, not for their floating point values.
//
// # A box
//
// A box X is worked on in this order, until nothing of it is left or it is split:
//
//   - constraint propagation (see [Propagator]) cuts off what the constraints and f <= incumbent exclude;
//
//   - mean value forms of f and of its Lagrangian at multipliers of local solutions, and monotonicity, bound f on X (see [Function]);
//
//   - a linear program over linear under- and overestimators of all functions (see [Relaxation]) bounds f and, by its reduced costs, narrows X.
//     Its duals are taken as multipliers only and the bound is computed from them with outward rounding: it does not depend on how exactly the
//     program was solved;
//
//   - near a local solution x* with multipliers λ the augmented Lagrangian
//
//     A(x) = f(x) + Σ_r ( λ_r (c_r(x) - s_r) + ρ_r/2 (c_r(x) - s_r)² ),   s_r the active side,
//
//     is used. For an inequality ρ_r is as large as the range of c_r over X permits, ρ_r |c_r - s_r| <= 2|λ_r|, so that A <= f at feasible points of X.
//     Where the interval Hessian of A proves it convex on X, its tangent at the point of X nearest to x* bounds f: at a solution with
//     strict complementarity and second-order sufficient conditions all boxes around x* end there, which avoids the cluster of tiny boxes
//     that other bounds leave.
//
// # What is proven
//
// [Answer].Bound is at most the value of f at every point that satisfies the constraints exactly. The incumbent [Answer].X satisfies them to
// [Options].Feasibility; its value may therefore lie below Bound by about as much as that tolerance is worth. Infeasible is proven in the
// exact sense as well. Points at which a function has no value (logarithm of a negative number) are not feasible.
//
// Sources: Hansen and Walster, Global optimization using interval analysis (2004); Neumaier, Complete search in continuous global optimization and
// constraint satisfaction, Acta Numerica 13 (2004); Benhamou, Goualard, Granvilliers and Puget, Revising hull and box consistency, ICLP 1999;
// Adjiman, Dallwig, Floudas and Neumaier, A global optimization method, αBB, Computers and Chemical Engineering 22 (1998).
package global
