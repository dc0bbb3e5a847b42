// Package system solves semismooth systems of equations
//
//	Φ(w) = 0,   Φ: R^n -> R^m,
//
// square ones, over-determined ones and, but for Newton's method, under-determined ones, as complementarity conditions give them through
// NCP functions. Three methods share one frame: semismooth Newton, Gauss-Newton with
// the pseudo-inverse, and Levenberg-Marquardt. All decrease the merit Ψ = ½||Φ||², which is to be continuously differentiable with
// ∇Ψ = J'Φ for whatever element J of the generalised Jacobian the system returns; with the functions of this package it is, apart from Min and CHKS
// without smoothing.
//
// Sources: Fischer, Zemkoho and Zhou, Semismooth Newton-type method for bilevel optimization (2022); Fliege, Tin and Zemkoho,
// Gauss-Newton-type methods for bilevel optimization (2021); Tin and Zemkoho, Levenberg-Marquardt method and partial exact penalty
// parameter selection in bilevel optimization (2023); De Luca, Facchinei and Kanzow (1996) for the globalisation.
package system
