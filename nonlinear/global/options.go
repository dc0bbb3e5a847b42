package global

import (
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
)

// Options are the settings of [Minimise]. The zero value of each field is its default.
type Options struct {
	// The search ends when value - bound <= max(AbsGap, RelGap |value|); default of each 1e-6, range >= 0. Negative: exactly 0.
	AbsGap, RelGap float64
	// Feasibility is the largest violation of a constraint, in its own units, of the incumbent; default 1e-8, negative: exactly 0. The bound is one
	// for points that violate nothing.
	Feasibility float64
	// TimeLimit bounds the search; 0: none besides the context's deadline.
	TimeLimit time.Duration
	// MaxBoxes bounds the number of boxes worked on; default 200000.
	MaxBoxes int
	// Box has further bounds, one interval a variable; nil: none. The answer is about the points within them.
	Box []expr.Interval
	// Start are points from which local searches set out; they need not be feasible.
	Start [][]float64
	// Local finds local optima of the continuous part; nil: nonlinear/newton. Nothing it claims is believed without a check.
	Local smooth.Solver
	// Target ends the search as soon as it is decided whether a feasible point is better than Target.Value; nil: none.
	Target *Target
	// Progress hears now and then of the search; nil: nobody does. It may end the search by returning false.
	Progress func(Progress) bool
}

// Target is a question: is some feasible point better than Value, of less value where the model minimises? The search ends when one is found
// (BelowTarget) or none is left (AboveTarget, also where nothing is feasible). Gaps play no part then.
type Target struct {
	Value float64
}

// Progress is how far a search has come, in minimisation form.
type Progress struct {
	Boxes, Open  int
	Value, Bound float64
	Elapsed      time.Duration
}

// Status says why a search ended.
type Status uint8

// The statuses.
const (
	Limit       Status = iota // MaxBoxes, TimeLimit, or boxes that cannot be split any further
	Optimal                   // the gap is closed
	Infeasible                // proven: no point satisfies the constraints
	AboveTarget               // proven: no feasible point is better than the target
	BelowTarget               // the incumbent is better than the target
	Interrupted               // the context ended, or Progress returned false
	Unbounded                 // a limit was reached while nothing bounds the objective from below on a box with an infinite side: give a box
)

var statusNames = [...]string{"limit reached", "optimal", "infeasible", "nothing is better than the target", "better than the target", "interrupted", "unbounded as far as boxes tell"}

// String returns the status in words.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Answer is what a search found and proved. Value and Bound are in the sense of the model: for a maximised objective Bound is an upper bound.
type Answer struct {
	Status Status
	// X is the best point found, nil where there is none. It satisfies the constraints to Options.Feasibility, the bounds and integrality exactly.
	X []float64
	// Value is the objective at X; +Inf without a point (-Inf where the objective is maximised).
	Value float64
	// Bound is a proven bound on the objective at every feasible point, +Inf where none exists (-Inf where the objective is maximised).
	Bound float64
	// Multipliers of the constraints at X in the signs of package smooth, of minimisation form; nil where no local solution was found there.
	Multipliers []float64
	// Boxes were worked on, Open were left; Local counts the local searches.
	Boxes, Open, Local int
	Seconds            float64
	// Tightest are bounds on all variables that hold at every feasible point whose value is less than Value - gap: the first propagation's.
	Tightest []expr.Interval
}

// Gap is |Value - Bound|, zero where the value is better than the bound by what violations within the tolerance are worth; +Inf without a point.
func (a *Answer) Gap(sense model.Sense) float64 {
	if a.X == nil {
		return math.Inf(1)
	}
	return math.Max(0, sense.Sign()*(a.Value-a.Bound))
}

// RefusedError says why a model cannot be searched.
type RefusedError struct {
	Where, Problem, Remedy string
}

func (e *RefusedError) Error() string {
	s := "global: "
	if e.Where != "" {
		s += e.Where + ": "
	}
	return s + e.Problem + "; " + e.Remedy
}

// OptionError says which option is out of range.
type OptionError struct {
	Option, Problem, Remedy string
}

func (e *OptionError) Error() string {
	return "global: option " + e.Option + ": " + e.Problem + "; " + e.Remedy
}

const (
	defaultGap         = 1e-6
	defaultFeasibility = 1e-8
	defaultBoxes       = 200000
)

func (o Options) withDefaults(n int) (Options, error) {
	for _, g := range []struct {
		name     string
		value    *float64
		fallback float64
	}{{"AbsGap", &o.AbsGap, defaultGap}, {"RelGap", &o.RelGap, defaultGap}, {"Feasibility", &o.Feasibility, defaultFeasibility}} {
		switch v := *g.value; {
		case math.IsNaN(v) || math.IsInf(v, 1):
			return o, &OptionError{g.name, fmt.Sprintf("%v is not a number of use", v), "give a finite number, 0 for the default, or a negative one for none"}
		case v == 0:
			*g.value = g.fallback
		case v < 0:
			*g.value = 0
		}
	}
	if o.MaxBoxes == 0 {
		o.MaxBoxes = defaultBoxes
	}
	if o.MaxBoxes < 0 {
		return o, &OptionError{"MaxBoxes", fmt.Sprintf("%d", o.MaxBoxes), "give a positive number, or 0 for the default"}
	}
	if o.Box != nil && len(o.Box) != n {
		return o, &OptionError{"Box", fmt.Sprintf("%d intervals for %d variables", len(o.Box), n), "give one a variable"}
	}
	for j, b := range o.Box {
		if math.IsNaN(b.Lo) || math.IsNaN(b.Hi) {
			return o, &OptionError{"Box", fmt.Sprintf("the interval of variable %d has an end that is not a number", j), "give numbers, or infinities"}
		}
	}
	for k, x := range o.Start {
		if len(x) != n {
			return o, &OptionError{"Start", fmt.Sprintf("point %d has %d entries for %d variables", k, len(x), n), "give one value a variable"}
		}
	}
	if o.Target != nil && math.IsNaN(o.Target.Value) {
		return o, &OptionError{"Target", "it is not a number", "give a finite number, or nil for none"}
	}
	return o, nil
}
