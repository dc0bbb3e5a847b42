package bilevelglobal

import (
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// Options are the settings of Solve; the zero value of a field is its default.
type Options struct {
	// Gap is eps: the search ends when no bilevel-feasible point is better than the incumbent by more than Gap * max(1, |F|). Default 1e-3,
	// range (0, 1).
	Gap float64
	// Box replaces bounds of variables of the model that are missing and that no constraint implies; the answer is then global in that box, and
	// Answer.Assumed names them. Default 1e4.
	Box float64
	// MaxNodes limits the boxes that are looked at; 0: no limit.
	MaxNodes  int
	TimeLimit time.Duration // 0: none besides the context's deadline
	// Verify are the settings of the checks of incumbents. Its Smooth, which also finds the followers' answers and local optima of the
	// whole, and its Backend have to be given for points to be found at all.
	Verify verify.Options
	// Starts is the number of local searches for incumbents before the first box; default 8, negative: none.
	Starts int
	// Incumbents are points, one entry a variable, that are tried first.
	Incumbents [][]float64
	// Progress hears of each new incumbent and, now and then, of the bound; it may end the search by returning false. nil: none.
	Progress func(Progress) bool
}

// Progress is where the search stands; F and Bound in the sense of the leader's objective as declared, NaN where there is none.
type Progress struct {
	Nodes, Open int
	F, Bound    float64
	Elapsed     time.Duration
}

// OptionError says which setting is out of its range.
type OptionError struct {
	Name  string
	Value any
	Want  string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("global: %s is %v; want %s", e.Name, e.Value, e.Want)
}

func (o Options) filled() (Options, error) {
	if o.Gap == 0 {
		o.Gap = 1e-3
	}
	if o.Box == 0 {
		o.Box = 1e4
	}
	if o.Starts == 0 {
		o.Starts = 8
	}
	if o.Verify.Tolerance == 0 {
		o.Verify.Tolerance = 1e-6
	}
	switch {
	case !(o.Gap > 0 && o.Gap < 1):
		return o, &OptionError{"Gap", o.Gap, "a number in (0, 1)"}
	case !(o.Box > 0) || math.IsInf(o.Box, 0):
		return o, &OptionError{"Box", o.Box, "a positive finite number"}
	case o.MaxNodes < 0:
		return o, &OptionError{"MaxNodes", o.MaxNodes, "0 or more"}
	case o.TimeLimit < 0:
		return o, &OptionError{"TimeLimit", o.TimeLimit, "0 or more"}
	}
	return o, nil
}

// Answer is what the search has established.
type Answer struct {
	// Status is model.StatusOptimal where the gap is closed, StatusInfeasible where there is no bilevel-feasible point, StatusLimit or
	// StatusInterrupted where it was stopped, StatusFeasible where the gap is closed in a box at whose assumed end the point lies, so that the
	// objective may have no limit, and StatusUnknown where boxes are left that cannot be divided.
	Status model.Status
	// Proof is ProofGlobal or ProofInfeasible, the former ProofGlobalIfBounds where Assumed is not empty, ProofFeasible for a verified point
	// whose gap is not closed or whose followers' answers are verified by searches only, else ProofNone.
	Proof       model.Proof
	Point       *model.Point // nil where none was found
	F           float64      // the leader's objective there, as declared; NaN without a point
	Bound       float64      // no bilevel-feasible point within Assumed is better; infinite where nothing is known, NaN where there is no such point
	Gap         float64      // |F - Bound| / max(1, |F|), 0 where F is better than Bound by the tolerances; NaN without a point
	Certificate *verify.Certificate
	Assumed     []Assumed // bounds that the model does not have
	Notes       []string
	Statistics  Statistics
}

// Assumed is a bound of a variable that the search rests on: |x| <= Bound.
type Assumed struct {
	Variable string
	Bound    float64
}

// Statistics counts what was done.
type Statistics struct {
	Nodes        int // boxes looked at
	Contracted   int // boxes that constraints or cuts left nothing of
	ByBound      int // boxes dropped because their bound reached the incumbent
	ByRelaxation int // boxes whose linear program has no point
	Undecided    int // boxes too small to be divided
	Programs     int // linear programs
	Responses    int // followers' problems solved for seeds
	Seeds        int
	Checks       int // points checked in the model
	Locals       int // local searches for incumbents
	Seconds      float64
}
