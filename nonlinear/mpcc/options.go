package mpcc

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// Options are the settings of Solve; the zero value of a field is its default.
type Options struct {
	Method Method        // default Auto
	Solver smooth.Solver // solves the smooth programs; has to be given
	// T0 is the first parameter, Kappa in (0, 1) the factor from one round to the next, TMin the last. Defaults 1 (0.1 for LinFukushima and
	// Kadrani, which square and shift it), 0.01, 1e-8. For Penalty the weight starts at max(1, largest |∇f|) / T0.
	T0, Kappa, TMin float64
	// Tolerance is that of the optimality conditions of the last programs, default 1e-8; earlier rounds are solved to what t deserves.
	Tolerance float64
	// Feasibility is how far a point may violate a row, a bound or a pair, in their own units, to count as feasible. Default 1e-6.
	Feasibility float64
	// MaxRounds limits the programs of one continuation, default 20.
	MaxRounds int
	// TimeLimit and MaxEvaluations (of the objective) limit the whole; 0: none beside the context.
	TimeLimit      time.Duration
	MaxEvaluations int
	// Effort is how much Auto does after it has found a solution to find a better one. At 0 it searches in growing trust regions by linear programs
	// with complementarity constraints; where rows are not linear it then follows other methods and parameters from the start and from random
	// points, for at most some eight times the iterations of the first solution and less where the problem is large; k stands for 1+k times as
	// many. Negative: nothing.
	Effort int
	// NoPolish returns what the continuation ends with: no active sets are guessed, and no branch programs are solved.
	NoPolish bool
	// Target, where HasTarget is set, is a value that is good enough: the search ends at a feasible point that reaches it.
	Target    float64
	HasTarget bool
	// Seed is that of the random numbers of retries. The same seed gives the same answer, unless a limit of time ends it.
	Seed uint64
	// Progress hears of each program that has been solved; it may end the solve by returning false. nil: none.
	Progress func(Event) bool
	// Native are options of the solver by its own names.
	Native map[string]string
}

// Event is what Progress hears.
type Event struct {
	Stage                                 string  // "scholtes", "branch", …
	Round                                 int     // within the stage
	T                                     float64 // parameter, or weight of the penalty; 0 in branch programs
	Objective, Violation, Complementarity float64 // at the point of the program
	Incumbent                             float64 // best feasible objective so far, NaN where there is none
	Iterations                            int     // of all programs so far
	Elapsed                               time.Duration
}

// ErrNoSolver says that Options.Solver is missing.
var ErrNoSolver = errors.New("mpcc: no solver of smooth programs is given: set Options.Solver")

// OptionError says which setting is out of its range.
type OptionError struct {
	Name  string
	Value any
	Want  string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("mpcc: %s is %v; want %s", e.Name, e.Value, e.Want)
}

// filled is the options with their defaults.
func (o Options) filled() (Options, error) {
	if o.Solver == nil {
		return o, ErrNoSolver
	}
	if o.Method >= methodEnd {
		return o, &OptionError{"Method", o.Method, "one of the methods"}
	}
	fill := func(v *float64, def float64) {
		if *v == 0 {
			*v = def
		}
	}
	fill(&o.Kappa, 0.01)
	fill(&o.TMin, 1e-8)
	fill(&o.Tolerance, 1e-8)
	fill(&o.Feasibility, 1e-6)
	if o.MaxRounds == 0 {
		o.MaxRounds = 20
	}
	for _, c := range []struct {
		name       string
		v, lo, hi  float64
		openBounds bool
	}{
		{"T0", o.T0, 0, math.Inf(1), false}, {"Kappa", o.Kappa, 0, 1, true}, {"TMin", o.TMin, 0, math.Inf(1), true},
		{"Tolerance", o.Tolerance, 0, 1, true}, {"Feasibility", o.Feasibility, 0, math.Inf(1), true},
		{"MaxRounds", float64(o.MaxRounds), 0, math.Inf(1), false}, {"TimeLimit", o.TimeLimit.Seconds(), 0, math.Inf(1), false},
		{"MaxEvaluations", float64(o.MaxEvaluations), 0, math.Inf(1), false},
	} {
		in := c.v >= c.lo && c.v < c.hi
		want := fmt.Sprintf("at least %g and less than %g", c.lo, c.hi)
		if c.openBounds {
			in = in && c.v > c.lo
			want = fmt.Sprintf("more than %g and less than %g", c.lo, c.hi)
		}
		if !in {
			return o, &OptionError{c.name, c.v, want}
		}
	}
	if o.HasTarget && math.IsNaN(o.Target) {
		return o, &OptionError{"Target", o.Target, "a number"}
	}
	return o, nil
}

// firstT is the first parameter of a method.
func (o *Options) firstT(m Method) float64 {
	switch {
	case o.T0 > 0:
		return o.T0
	case m == LinFukushima || m == Kadrani:
		return 0.1
	}
	return 1
}
