package smooth

import (
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
)

var inf = math.Inf(1)

// Solver is a local solver of smooth programs. Solve stops soon after ctx is done and returns an error only where the call itself broke:
// a solver that finds no point, or was stopped, says so in its Answer. A Solver may be used by several goroutines, each with a program of
// its own.
type Solver interface {
	Name() string
	Solve(ctx context.Context, p Program, start Start, opt Options) (*Answer, error)
}

// Start is where a solver sets out. X has one entry a variable and may violate anything. The multipliers, in the signs of the package
// comment, are nil where unknown.
type Start struct {
	X            []float64
	Rows         []float64 // λ
	Lower, Upper []float64 // zl and zu
}

// Options are the settings of one solve; the zero value of a field is its default.
type Options struct {
	Tolerance     float64 // largest scaled residual of the optimality conditions; default 1e-8
	Feasibility   float64 // largest violation of a row, in its own units; default: Tolerance
	MaxIterations int     // default 3000
	TimeLimit     time.Duration
	// Warm says that Start is close to a solution and that its multipliers are meant: an interior point method then begins with a small
	// barrier parameter, of about Mu where that is set.
	Warm bool
	Mu   float64
	// Progress hears of each iteration; it may end the solve by returning false. nil: none.
	Progress func(Iterate) bool
	Log      func(line string)
	// Native are options of the solver by its own names, set last.
	Native map[string]string
}

// Iterate is where a solver stands.
type Iterate struct {
	Iteration   int
	Objective   float64
	Violation   float64
	Residual    float64 // of the stationarity of the Lagrangian
	Mu          float64 // barrier or smoothing parameter, NaN where there is none
	Step        float64
	Restoration bool
	Elapsed     time.Duration
	X           []float64 // nil where the solver does not tell; not to be kept
}

// Answer is what a solver claims: nothing of it has been checked by others.
type Answer struct {
	// Status is model.StatusOptimal for a point that satisfies the first-order conditions, StatusReducedAccuracy for one that does so to the
	// solver's acceptable tolerance, StatusInfeasible for a stationary point of the violation, StatusUnbounded where the objective falls without
	// limit, StatusLimit, StatusInterrupted, and StatusFailed with the reason in Message.
	Status       model.Status
	X            []float64 // the last or best point, never nil
	Objective    float64
	Rows         []float64 // λ
	Lower, Upper []float64 // zl, zu
	Violation    float64   // of rows and bounds, unscaled
	Residual     float64   // of stationarity, unscaled: max |∇f + ∇c'λ - zl + zu|
	Gap          float64   // of complementarity between multipliers and slacks, unscaled
	Iterations   int
	Evaluations  int // of the objective
	Seconds      float64
	Message      string
}

// Solved reports whether the answer is a point that satisfies the first-order conditions, at least to the acceptable tolerance.
func (a *Answer) Solved() bool {
	return a.Status == model.StatusOptimal || a.Status == model.StatusReducedAccuracy
}
