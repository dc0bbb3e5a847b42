// Package firstorder has methods for bilevel problems that use first derivatives and the value function φ(x) = min_y { f(x, y) : y in Y(x) }, which
// package response evaluates: the leader's problem is
//
//	min F(x, y)  subject to  f(x, y) - φ(x) <= 0,  x in X,  y in Y(x),
//
// and the methods treat that one constraint in different ways. All are deterministic: gradients are exact, and nothing is drawn.
//
// # Gradient methods
//
// Penalty, BOME and F2SA take steps along gradients. With z an answer of the follower to x, computed by T steps from the one before,
//
//		q(x, y) = f(x, y) - f(x, z),   ∇q = (∇_x f(x, y) - ∇_x f(x, z), ∇_y f(x, y)).
//
//	  - Penalty minimises F + λq for a growing λ: T projected steps on y, then one on x, both by backtracking. The derivative that x sees is
//	    that of the leader's objective up to O(1/λ).
//	  - BOME: (x, y) -= s (∇F + λ∇q) with λ = max(0, (η|∇q|² - ∇F'∇q) / |∇q|²), the least weight with which q falls by η|∇q|².
//	  - F2SA: the same three lines as Penalty with the schedules for exact gradients, λ_k ~ k^(1/3) and a step α_k = γ/(2λ_k) on y and ξα_k on x.
//
// Steps without a line search are multiples of 1/L, where L bounds the second derivatives at the iterate by the sums of their rows. Each
// step is followed by a projection: X is made of bounds and of affine constraints in x alone, Y of bounds and affine constraints in y alone. Other constraints
// are refused by name.
//
// # Differences of convex functions
//
// DCA is for followers that are convex in x and y together. Then φ is convex, and at (x_k, ỹ) with multipliers the response gives a subgradient ξ of it. The
// constraint is replaced by the larger, convex function
//
//	f(x, y) - φ(x_k) - ξ'(x - x_k) - ε <= t,  t >= 0,
//
// and F + βt + ½ρ|(x, y) - (x_k, y_k)|² is minimised over the constraints of both levels, which are kept as they are (the literature
// moves the follower's into the penalty; kept, every iterate satisfies them). The subproblem is a convex quadratic program where f is
// linear, and goes to a backend then, or a smooth program. A leader's objective that is quadratic and not convex gets as much of a proximal term as makes
// it convex, which is the linearisation of its concave part. β grows by δ where the constraint is still violated and steps are short. Along the iterates the merit
// F + β max(0, f - φ - ε) falls by at least ½ρ|step|² for a fixed β.
//
// # The end
//
// At intervals and in the end the follower is answered exactly at x, and the best point (x, y(x)) is returned: it satisfies the leader's constraints, or it does not
// count. How far F + λq is from stationary is a number in the result.
//
// Sources: Shen and Chen (2023), Penalty; Liu, Ye, Wright, Stone, Liu (2022), BOME; Kwon, Kwon, Wright, Nowak (2023), F2SA; Ye, Yuan, Zeng, Zhang (2023), DCA.
package firstorder
