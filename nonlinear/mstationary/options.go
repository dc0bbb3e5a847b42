package mstationary

import (
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// Options are the settings of one solve; the zero value of a field is its default.
type Options struct {
	// Tolerance is the largest residual at a solution, in the scaled program; default 1e-8.
	Tolerance     float64
	MaxIterations int // of each search; default 200
	MaxSteps      int // of each walk; default: four times the number of unknowns, but at least 200
	TimeLimit     time.Duration
	// Activity is the slack up to which a constraint counts as active, and a pair as biactive, at a solution; default 1e-6.
	Activity float64
	// Descents is how often a stationary point that is no minimiser is left along a direction of descent, to look for another one; default 1;
	// negative: never.
	Descents int
	// NoScaling leaves the objective and the rows as they are; otherwise each is divided by what its largest derivative at the start exceeds
	// 100 by.
	NoScaling bool
	// Progress hears of each iterate of searches and walks (the latter with a Norm and a Gradient that are NaN); it may end the solve by
	// returning false. W begins with the variables that are not fixed. nil: none.
	Progress func(system.Iterate) bool
}

// OptionError is an option out of its range.
type OptionError struct {
	Field  string
	Value  any
	Remedy string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("mstationary: option %s is %v; %s", e.Field, e.Value, e.Remedy)
}

// withDefaults fills in the defaults and checks the ranges.
func (o Options) withDefaults() (Options, error) {
	for _, f := range []struct {
		name string
		v    *float64
		def  float64
	}{{"Tolerance", &o.Tolerance, 1e-8}, {"Activity", &o.Activity, 1e-6}} {
		if *f.v == 0 {
			*f.v = f.def
		}
		if !(*f.v > 0) || math.IsInf(*f.v, 1) {
			return o, &OptionError{f.name, *f.v, "give a positive number, or 0 for the default"}
		}
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 200
	}
	if o.MaxIterations < 0 {
		return o, &OptionError{"MaxIterations", o.MaxIterations, "give a positive number, or 0 for the default"}
	}
	if o.MaxSteps < 0 {
		return o, &OptionError{"MaxSteps", o.MaxSteps, "give a positive number, or 0 for the default"}
	}
	if o.TimeLimit < 0 {
		return o, &OptionError{"TimeLimit", o.TimeLimit, "give a positive duration, or 0 for none"}
	}
	if o.Descents == 0 {
		o.Descents = 1
	}
	return o, nil
}

// Start is where a search sets out.
type Start struct {
	X []float64 // one entry a variable; it may violate anything
	// Multipliers in the signs of the package comment, as a Result has them: of the rows, the lower and the upper bounds, and (ν_G, ν_H) of
	// the pairs. Where all are nil they are estimated by least squares; a nil one among others is zero.
	Rows, Lower, Upper []float64
	Pairs              [][2]float64
}

// known reports whether there are multipliers.
func (s *Start) known() bool {
	return s.Rows != nil || s.Lower != nil || s.Upper != nil || s.Pairs != nil
}

// StartError is a start that does not fit the program.
type StartError struct {
	Field  string
	Reason string
}

func (e *StartError) Error() string {
	return fmt.Sprintf("mstationary: start: %s: %s", e.Field, e.Reason)
}

func (s *Start) check(n, m, pairs int) error {
	if len(s.X) != n {
		return &StartError{"X", fmt.Sprintf("%d entries for %d variables; give one a variable", len(s.X), n)}
	}
	for _, f := range []struct {
		name string
		v    []float64
		want int
	}{{"X", s.X, n}, {"Rows", s.Rows, m}, {"Lower", s.Lower, n}, {"Upper", s.Upper, n}} {
		if f.v != nil && len(f.v) != f.want {
			return &StartError{f.name, fmt.Sprintf("%d entries where %d are needed; leave it nil where it is unknown", len(f.v), f.want)}
		}
		for j, v := range f.v {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return &StartError{f.name, fmt.Sprintf("entry %d is %v; give a finite number", j, v)}
			}
		}
	}
	if s.Pairs != nil && len(s.Pairs) != pairs {
		return &StartError{"Pairs", fmt.Sprintf("%d entries for %d pairs; leave it nil where it is unknown", len(s.Pairs), pairs)}
	}
	for k, p := range s.Pairs {
		if v := p[0] + p[1]; math.IsNaN(v) || math.IsInf(v, 0) {
			return &StartError{"Pairs", fmt.Sprintf("entry %d is %v; give finite numbers", k, p)}
		}
	}
	return nil
}
