// Package valuefunction solves the optimality systems of bilevel problems in the value-function form. With the follower
//
//	φ(x) = min_z { f(x, z) : g(x, z) <= 0 }
//
// the problem is min F(x, y) s.t. G(x, y) <= 0, g(x, y) <= 0, f(x, y) <= φ(x), whose last constraint satisfies no constraint
// qualification. Where the problem is partially calm, that constraint may go to the objective with a weight λ > 0, and the conditions of
// first order are those of the stationarity of
//
//	L(x, y, z; u, v, w) = F(x, y) + λ (f(x, y) - f(x, z)) + u'G(x, y) + v'g(x, y) - λ w'g(x, z)
//
// with 0 <= u ⟂ -G(x, y) >= 0, 0 <= v ⟂ -g(x, y) >= 0, 0 <= w ⟂ -g(x, z) >= 0, where z is an answer of the follower. Two systems are made of
// them, with φ_FB the function of Fischer and Burmeister:
//
//	square      ∇L = 0 by (x, y, z),  φ_FB of each multiplier and its slack
//	reduced     z = y:  L_x = 0,  L_y + L_z = 0,  -L_z/λ = ∇_y f + ∇_y g'w = 0,  φ_FB of each
//
// Newton's method is for the square system; the reduced one has more equations than unknowns, and Gauss-Newton and Levenberg-Marquardt are for it.
// Bounds and both sides of ranges are inequalities like the others, equations have free multipliers, and several followers that do not
// depend on one another count as one with the sum of their objectives.
//
// A zero of a system need be no solution: z may be a stationary point of a follower that is not convex, and λ too small or the zero a
// maximiser. So every point is a candidate until it is verified: the follower is solved again at the leader's decision by package verify.
// Where it does not verify, the point with the follower's answer in the place of y is measured instead, and the system is solved once more
// from there. Solutions at which the follower is indifferent between distant answers are no zeros of a system: Problem.Solve looks for them by
// cuts f(x, y) <= f(x, z_k), see Options.Cuts. The best verified point is the result.
//
// Sources: Fischer, Zemkoho and Zhou, Semismooth Newton-type method for bilevel optimization: global convergence and extensive numerical
// experiments (2022); Fliege, Tin and Zemkoho, Gauss-Newton-type methods for bilevel optimization (2021); Tin and Zemkoho, Levenberg-Marquardt
// method and partial exact penalty parameter selection in bilevel optimization (2023); Jolaoso, Mehlitz and Zemkoho, A fresh look at
// nonsmooth Levenberg-Marquardt methods with applications to bilevel optimization (2024).
package valuefunction
