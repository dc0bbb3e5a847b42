// Package mpcc solves mathematical programs with complementarity constraints,
//
//	min f(x)  subject to  L <= c(x) <= U,  l <= x <= u,  0 <= G_k(x) ⟂ H_k(x) >= 0,
//
// by solvers of smooth programs. At no feasible point does such a problem satisfy the constraint qualifications that those solvers rest on, so
// the pairs are relaxed, penalised or smoothed by a parameter t, and the solutions of these programs are followed to t = 0 (Method). What they
// converge to is stationary in a weak sense only, and to a limited accuracy. So the end of each path is polished: which member of each pair is
// zero is guessed, the program of that branch, an ordinary one, is solved to full accuracy, and biactive pairs whose multipliers are
// negative change their branch, until the multipliers prove strong stationarity or a linear program with complementarity constraints proves that no
// first-order descent is left (B-stationarity). Where no branch near the path is feasible, the same descent on the violation looks for one.
//
// The functions of the methods are Method.At, in the form φ <= 0 with G, H >= 0:
//
//	scholtes                GH <= t                                   (scholtes-sum: Σ GH <= q t)
//	lin-fukushima           GH <= t², (G+t)(H+t) >= t²                without G, H >= 0
//	kadrani                 (G-t)(H-t) <= 0                           G, H >= -t; cuts off pairs with G, H < t
//	steffensen-ulbrich      G + H <= t θ((G-H)/t) where |G-H| < t     (…-quartic: another θ)
//	kanzow-schwartz         (G-t)(H-t) <= 0 where G + H >= 2t
//	penalty                 ρ Σ GH in the objective, ρ -> ∞
//	product                 GH <= 0
//	fischer-burmeister, min, penalised, smoothed, chks                NCP functions as equations
//
// Auto follows Scholtes' relaxation, which is the most robust one in measurements here and elsewhere (Hoheisel, Kanzow and Schwartz 2013): t = 1,
// 1e-2, … or less where all products are smaller, each program from the multipliers of the one before. From t = 1e-2 on the branch program of the
// pattern that shows is tried at once: where it ends at a strongly stationary point with the value that the path predicts, the rest of the
// path is left out. If nothing feasible is found, other first parameters and methods follow. From the solution, LPECs with large trust regions
// look for better branches, and where rows are nonlinear other methods and random starts are tried within a budget (Options.Effort).
//
// All that is local: no answer is proven to be globally optimal. Package branch proves that for linear and convex quadratic problems.
package mpcc
