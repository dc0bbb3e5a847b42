package mstationary

import (
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/system"
)

// Result is the best point of a solve. Values of the objective are those of the program, which is minimised.
type Result struct {
	// Status is model.StatusLocal for an M-stationary point to the tolerance; StatusReducedAccuracy for one to the square root of it;
	// StatusInfeasible where bounds contradict one another, or the violation has local minima only that are not zero as far as the search
	// saw (no proof); StatusUnbounded where the objective falls without limit along feasible points; StatusLimit; StatusInterrupted;
	// StatusFailed with the reason in Message.
	Status    model.Status
	X         []float64
	Objective float64
	// Multipliers in the signs of the package comment. What belongs to a member of a pair is in Pairs, as (ν_G, ν_H), and is no part of
	// the others.
	Rows, Lower, Upper []float64
	Pairs              [][2]float64

	Class    Class // what the multipliers show
	Biactive []int // pairs of which both members are zero, to Options.Activity

	// How far the conditions are from holding, unscaled: PhiM is the largest φ_M of a pair, Stationarity the largest entry of the gradient of
	// the Lagrangian, Gap the largest |min(slack, multiplier)| of what is no pair, Violation that of rows and bounds in their own units,
	// Complementarity the largest |min(G, H)|.
	PhiM, Stationarity, Gap, Violation, Complementarity float64
	// Residual is what Options.Tolerance was held against: the largest of these in the scaled program.
	Residual float64

	// Order says what the second order shows at a stationary point.
	Order SecondOrder
	// Left are the stationary points that were left because they are no minimisers, in the order in which they were found.
	Left []Saddle

	Iterations  int // of searches and walks
	Evaluations int // of the program's first derivatives
	Steps       Steps
	Seconds     float64
	Message     string
}

// Solved reports whether X is M-stationary to the tolerance.
func (r *Result) Solved() bool { return r.Status == model.StatusLocal }

// Steps counts the steps by their kind: those of the active-set Newton method, of Levenberg and Marquardt, and along the gradient of
// the merit, in searches; and those of walks.
type Steps struct{ ActiveSet, Damped, Gradient, Walk int }

func (s *Steps) add(r *system.Result) {
	s.ActiveSet += r.Steps[system.StepProposed]
	s.Damped += r.Steps[system.StepDamped]
	s.Gradient += r.Steps[system.StepGradient]
}

// SecondOrder is what the Hessian of the Lagrangian shows on the null space of the active constraints, where the members of a pair that
// are zero are held at zero: the branch program.
type SecondOrder struct {
	// Known says that it was looked at: the point is stationary and the Hessian is finite.
	Known bool
	// Freedom is the dimension of the null space; with none, the curvature is +Inf.
	Freedom int
	// Curvature is the smallest eigenvalue of the reduced Hessian, in units of the objective. A negative one shows that the point is no
	// minimiser.
	Curvature float64
	// Direction has this curvature; nil without a negative one. One entry a variable, of Euclidean length 1.
	Direction []float64
	// OneSided says that the curvature is that of a larger space, without some active constraints of which the multipliers are zero, and that
	// Direction leads into their feasible side. Otherwise it may be followed both ways.
	OneSided bool
	released []int // these constraints
}

// Saddle is a stationary point that is no minimiser, and why.
type Saddle struct {
	X         []float64
	Objective float64
	Class     Class
	// Curvature is that of SecondOrder where it is negative, and 0 where it was the multiplier of Pair that shows the descent.
	Curvature float64
	Pair      int     // -1 where it was the curvature
	Slope     float64 // the multiplier: the objective falls by it to first order
	Taken     bool    // a better stationary point was found from here
}
