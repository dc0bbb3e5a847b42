// Package implicit minimises the leader's objective as a function of the leader's decision alone,
//
//	min_x { F(x, y(x)) : x in X, G(x, y(x)) <= 0 },   y(x) the follower's answer (package response),
//
// where X are the bounds and affine constraints in x alone, which every trial point satisfies, and the other constraints of the leader are moved into
// the objective by the exact penalty σ Σ max(G, 0), with σ growing until they hold.
//
// # The derivative
//
// With A and B the derivatives of the follower's active constraints I by y and x, H and C those of ∇_y ℓ, and free variables only, one linear
// system gives the derivative of any function φ(x, y(x)) (the adjoint of the optimality conditions, see Adjoint):
//
//	[ H   A_I' ] [p]   [ ∇_y φ ]
//	[ A_I  0   ] [s] = [   0   ],     ∇(φ∘y) = ∇_x φ - C'p - B_I's.
//
// It holds under LICQ, the strong second-order condition and strict complementarity. Where an active constraint has no multiplier, y is only
// piecewise smooth, and any element of its B-subdifferential does: the limit of derivatives at x + τh, τ -> 0, for a fixed direction h in general
// position. Which of the weakly active constraints stay active on that way is found from the directional derivative of y along h,
//
//	min_d { ½ d'Hd + d'Ch : A_i d + B_i h = 0 (λ_i > 0), <= 0 (λ_i = 0 and active) },
//
// so that what is used is the derivative of a piece that is really met near x. If a tie is left there, the constraint is taken as inactive; active
// constraints whose gradients depend on those before them, in the order of their multipliers, are left out.
//
// # The iteration
//
// Projected BFGS: d minimises g'd + ½ d'Bd over X - x, with a backtracking line search. Where that ends without a stationary point, which is at a
// kink, a proximal bundle method goes on from the best point with what was evaluated near it: the model max_i (f_i + g_i'(x - x_i)), with
// linearisation errors made non-negative for functions that are not convex, plus ½μ|d|². It ends where the aggregate subgradient and its error
// are small, which says that 0 is nearly in the Clarke subdifferential plus the normal cone of X.
//
// A decision without an answer shortens a step. Where the follower is convex in all variables together it also gives an affine constraint that excludes it and no
// decision with an answer, which joins X.
//
// Sources: Falk and Liu (1995) and Outrata, Kočvara, Zowe (1998) for bundle methods on implicit functions; Ralph and Dempe (1995) for the
// directional derivative; Lewis and Overton (2013) for BFGS on nonsmooth functions; Kiwiel (1990) for the proximal bundle.
package implicit
