package system

import (
	"fmt"
	"math"
	"time"
)

// Method is one of the methods of the frame.
type Method uint8

// The methods. W is the element of the generalised Jacobian.
const (
	// Newton solves W d = -Φ; for square systems.
	Newton Method = iota
	// GaussNewton takes d = -W⁺Φ, the shortest least-squares solution of W d = -Φ.
	GaussNewton
	// LevenbergMarquardt solves (W'W + ν I) d = -W'Φ with ν by Options.Damping.
	LevenbergMarquardt
	methodEnd
)

var methodNames = [...]string{"newton", "gauss-newton", "levenberg-marquardt"}

// String is the method's name in options.
func (m Method) String() string {
	if m < methodEnd {
		return methodNames[m]
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Damping is the rule for ν in (W'W + ν I) d = -W'Φ:
//
//	ν = min(Max, Scale ||Φ||^Power),
//
// which vanishes at a zero fast enough for quadratic convergence (Power from 1 to 2) under an error bound.
type Damping struct {
	Scale float64 // default 1
	Power float64 // default 1
	Max   float64 // default: none
}

// Of is ν at a point with ||Φ|| = norm.
func (d Damping) Of(norm float64) float64 {
	return math.Min(d.Max, d.Scale*math.Pow(norm, d.Power))
}

// LineSearch is how long a step is: the largest t = First Factor^k, k = 0, 1, ..., with
//
//	Ψ(w + t d) <= max of the last Memory values of Ψ + Sigma t ∇Ψ'd.
type LineSearch struct {
	Sigma    float64 // default 1e-4
	Factor   float64 // between 0 and 1; default 0.5
	First    float64 // the first trial; default 1
	Halvings int     // largest k; default 40
	// Memory above 1 lets the merit rise now and then (Grippo, Lampariello and Lucidi); default 1: it falls at each step.
	Memory int
	// Growth above 0 takes the last trial of a search that failed, unless it multiplies Ψ by more than Growth. Released codes for bilevel
	// problems gain from it (with First 2, Halvings 6 and Growth 1e6); the best point is kept. Default 0: never.
	Growth float64
}

// Options are the settings of one solve; the zero value of a field is its default.
type Options struct {
	Method Method
	// Tolerance is the largest |Φ_i| at a zero, or what a Measurer says; default 1e-8.
	Tolerance float64
	// Orthogonality is when a point counts as stationary for Ψ: the largest |W_j'Φ| / (||W_j|| ||Φ||) over the columns W_j; default 1e-8.
	Orthogonality float64
	// The search has stalled when the best ||Φ||² fell by no more than the part LeastDecrease of it in Patience iterations; defaults 1e-5
	// and 20.
	Patience      int
	LeastDecrease float64
	MaxIterations int // default 1000
	TimeLimit     time.Duration
	// Reduction: a full step that brings ||Φ|| below this part of it is taken without more ado; default 0.9.
	Reduction float64
	// A direction d descends where ∇Ψ'd <= -DescentFactor ||d||^DescentPower; defaults 1e-8 and 2.1.
	DescentFactor, DescentPower float64
	Damping                     Damping
	LineSearch                  LineSearch
	// RankTolerance is what counts as zero on the diagonal of R, relative to its first entry, in the pseudo-inverse; default 1e-12.
	RankTolerance float64
	// DenseLimit is the number of unknowns up to which dense factorisations are used; default 40, where sparse ones are as fast on systems
	// with a few entries an equation.
	DenseLimit int
	// Progress hears of each iterate; it may end the solve by returning false. nil: none.
	Progress func(Iterate) bool
}

// OptionError is an option out of its range.
type OptionError struct {
	Field  string
	Value  any
	Remedy string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("system: option %s is %v; %s", e.Field, e.Value, e.Remedy)
}

// withDefaults fills in the defaults and checks the ranges.
func (o Options) withDefaults() (Options, error) {
	var err error
	positive := func(field string, v *float64, def float64) {
		switch {
		case *v == 0:
			*v = def
		case !(*v > 0) || math.IsInf(*v, 1):
			if err == nil {
				err = &OptionError{field, *v, "give a positive number, or 0 for the default"}
			}
		}
	}
	below1 := func(field string, v float64) {
		if err == nil && v >= 1 {
			err = &OptionError{field, v, "give a number between 0 and 1"}
		}
	}
	count := func(field string, v *int, def int) {
		switch {
		case *v == 0:
			*v = def
		case *v < 0:
			if err == nil {
				err = &OptionError{field, *v, "give a positive number, or 0 for the default"}
			}
		}
	}
	if o.Method >= methodEnd {
		return o, &OptionError{"Method", uint8(o.Method), "give Newton, GaussNewton or LevenbergMarquardt"}
	}
	positive("Tolerance", &o.Tolerance, 1e-8)
	positive("Orthogonality", &o.Orthogonality, 1e-8)
	positive("LeastDecrease", &o.LeastDecrease, 1e-5)
	positive("Reduction", &o.Reduction, 0.9)
	positive("DescentFactor", &o.DescentFactor, 1e-8)
	positive("DescentPower", &o.DescentPower, 2.1)
	positive("Damping.Scale", &o.Damping.Scale, 1)
	positive("Damping.Power", &o.Damping.Power, 1)
	positive("Damping.Max", &o.Damping.Max, math.MaxFloat64)
	positive("LineSearch.Sigma", &o.LineSearch.Sigma, 1e-4)
	positive("LineSearch.Factor", &o.LineSearch.Factor, 0.5)
	positive("LineSearch.First", &o.LineSearch.First, 1)
	positive("LineSearch.Growth", &o.LineSearch.Growth, math.SmallestNonzeroFloat64)
	positive("RankTolerance", &o.RankTolerance, 1e-12)
	below1("LeastDecrease", o.LeastDecrease)
	below1("Reduction", o.Reduction)
	below1("LineSearch.Sigma", o.LineSearch.Sigma)
	below1("LineSearch.Factor", o.LineSearch.Factor)
	count("MaxIterations", &o.MaxIterations, 1000)
	count("Patience", &o.Patience, 20)
	count("LineSearch.Halvings", &o.LineSearch.Halvings, 40)
	count("LineSearch.Memory", &o.LineSearch.Memory, 1)
	count("DenseLimit", &o.DenseLimit, 40)
	if err == nil && o.TimeLimit < 0 {
		err = &OptionError{"TimeLimit", o.TimeLimit, "give a positive duration, or 0 for none"}
	}
	return o, err
}
