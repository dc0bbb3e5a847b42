package newton

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
)

// StartError says what is wrong with a start.
type StartError struct {
	What   string // "X", "Rows", "Lower", "Upper"
	Index  int    // of the value, -1: their number
	Value  float64
	Length int
	Want   int
}

func (e *StartError) Error() string {
	if e.Index < 0 {
		return fmt.Sprintf("newton: the start has %d values in %s, the program needs %d", e.Length, e.What, e.Want)
	}
	return fmt.Sprintf("newton: entry %d of the start's %s is %v: give a finite number", e.Index, e.What, e.Value)
}

// checkStart returns a *StartError or nil.
func checkStart(p smooth.Program, s smooth.Start) error {
	for _, v := range []struct {
		what     string
		values   []float64
		want     int
		required bool
	}{{"X", s.X, p.NumVars(), true}, {"Rows", s.Rows, p.NumRows(), false}, {"Lower", s.Lower, p.NumVars(), false}, {"Upper", s.Upper, p.NumVars(), false}} {
		if len(v.values) != v.want && (v.required || v.values != nil) {
			return &StartError{What: v.what, Index: -1, Length: len(v.values), Want: v.want}
		}
		for k, x := range v.values {
			if x-x != 0 {
				return &StartError{What: v.what, Index: k, Value: x}
			}
		}
	}
	return nil
}

// withDefaults returns options without zero fields, or an *OptionError.
func withDefaults(o smooth.Options) (smooth.Options, error) {
	for _, v := range []struct {
		name  string
		value float64
		most  float64
	}{{"Tolerance", o.Tolerance, 1}, {"Feasibility", o.Feasibility, 1}, {"MaxIterations", float64(o.MaxIterations), math.Inf(1)},
		{"TimeLimit", o.TimeLimit.Seconds(), math.Inf(1)}, {"Mu", o.Mu, math.Inf(1)}} {
		if !(v.value >= 0 && v.value <= v.most) {
			return o, &OptionError{v.name, fmt.Sprint(v.value), fmt.Sprintf("must be a number from 0, for the default, to %v", v.most)}
		}
	}
	if o.Tolerance == 0 {
		o.Tolerance = DefaultTolerance
	}
	if o.Feasibility == 0 {
		o.Feasibility = o.Tolerance
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = DefaultMaxIterations
	}
	return o, nil
}
