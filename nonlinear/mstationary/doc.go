// Package mstationary solves the M-stationarity system of a program with complementarity constraints
//
//	min f(x)  subject to  L <= c(x) <= U,  l <= x <= u,  0 <= G_k(x) ⟂ H_k(x) >= 0,
//
// where each member G_k, H_k is the slack of a bound of a variable or of a side of a row (model.Pair). Unknown are the point and its
// multipliers, in
//
//	∇f + ∇c'λ - zl + zu - Σ_k ν_G,k ∇G_k - Σ_k ν_H,k ∇H_k = 0,
//
// with λ, zl and zu in the signs of package smooth for whatever is no member of a pair. A feasible point is M-stationary where such
// multipliers exist with ν_G = 0 where G > 0, ν_H = 0 where H > 0, and, where both members are zero, ν_G > 0 and ν_H > 0 or ν_G ν_H = 0.
// It is S-stationary where ν_G >= 0 and ν_H >= 0 there.
//
// With (a, b, c, d) = (G, H, -ν_G, -ν_H) a pair satisfies this exactly where
//
//	φ_M = min{ max(-a, |b|, |c|), max(-b, |a|, |d|), max(|a|, |b|, c, d) }
//
// vanishes: the first term is for H = 0 with G free, the second for G = 0, the third for both. Three things are built on it.
//   - The residual is the largest of |∇L|, of the equations, of |min(slack, multiplier)| and of φ_M.
//   - The step of the active-set Newton method: at a point each pair selects the term that attains the minimum, which asks for two
//     equations (b = c = 0, a = d = 0 or a = b = 0), and the step is Newton's for the square system of all selected equations: the step of
//     sequential quadratic programming on the branch program that the selection describes.
//   - The merit that steps have to decrease is half the sum of squares of a system with the same solutions,
//     φ_FB(a, b) = 0, ac = 0, bd = 0, c⁺d = 0, d⁺c = 0, whose squares are continuously differentiable. Where the Newton step fails,
//     one by Levenberg and Marquardt on this system is made.
//
// The merit has local minima that are no solutions. Where the search ends at one, it begins again from the end of a walk: from a feasible
// point near the start, steps of sequential quadratic programming on what is held descend from one branch to the next until no
// multiplier shows a way on.
//
// M-stationary points need not be minimisers. At the end of a search the curvature of the Lagrangian on the branch program and the signs of
// the multipliers are looked at; what shows that the point is no minimiser is reported, and the search goes on from a walk that leaves it.
//
// Source: Harder, Mehlitz and Wachsmuth, Reformulation of the M-stationarity conditions as a system of discontinuous equations and its
// solution by a semismooth Newton method, SIAM Journal on Optimization 31 (2021). The merit is our own.
package mstationary
