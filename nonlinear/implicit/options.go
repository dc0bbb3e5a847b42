package implicit

import (
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// Options are the settings of Solve. The zero value of each field is its default, but for Smooth.
type Options struct {
	Smooth  smooth.Solver    // answers nonlinear followers and solves the quadratic programs of the steps; needed
	Backend backends.Backend // answers linear followers; nil: Smooth
	// Tolerance is how small the aggregate subgradient, relative to max(1, |∇F|), and its error have to be; default 1e-6.
	Tolerance float64
	// Feasibility is the largest violation of a leader's constraint, in its own units; default 1e-7.
	Feasibility float64
	// MaxIterations bounds the steps of both phases together, for each penalty; default 300.
	MaxIterations int
	// MaxEvaluations bounds the answers of the follower; 0: no bound.
	MaxEvaluations int
	// Penalty is the first weight σ of the violation of the leader's constraints; default 10 max(1, |∇F|).
	Penalty float64
	// BundleOnly leaves the BFGS phase out.
	BundleOnly bool
	// Progress hears of each step and ends the solve by returning false; nil: none.
	Progress func(Event) bool
}

// Event says where the solve stands.
type Event struct {
	Phase      string // "bfgs" or "bundle"
	Iteration  int
	Objective  float64 // F in minimisation form
	Violation  float64
	Residual   float64
	Evaluation int
}

// Result is what was found.
type Result struct {
	// Status is model.StatusLocal where the test of Clarke stationarity passed and the leader's constraints hold, StatusFeasible for another point
	// at which they hold, StatusInfeasible where no decision with an answer was found that satisfies them, StatusUnbounded where F fell below
	// -1e15, StatusLimit or StatusInterrupted where time or evaluations ran out without such a point.
	Status    model.Status
	X         []float64 // the decision and the answer, by variable of the model; nil where none was found
	Objective float64   // F in minimisation form
	Violation float64   // of the leader's constraints
	// Residual is the length of the aggregate subgradient in the largest norm, as far as no constraint of X holds it, and Error the linearisation error
	// that belongs to it: small numbers mean that the point is Clarke stationary to that accuracy.
	Residual, Error float64
	Penalty         float64 // the last σ
	// Singular says that the follower's answer at X is not the only one to first order, or its constraints are not qualified: derivatives, and so Status, rest on
	// the answers that the solver happened to choose.
	Singular bool
	Answer   *response.Answer

	Iterations, SeriousSteps, NullSteps int
	Evaluations                         int
	Kinks                               int // evaluations at which a constraint was active without a multiplier
	Seconds                             float64
	Message                             string
}

func (o Options) tolerance() float64 {
	if o.Tolerance == 0 {
		return 1e-6
	}
	return o.Tolerance
}

func (o Options) feasibility() float64 {
	if o.Feasibility == 0 {
		return 1e-7
	}
	return o.Feasibility
}

func (o Options) iterations() int {
	if o.MaxIterations == 0 {
		return 300
	}
	return o.MaxIterations
}

// clock measures the seconds of a solve.
type clock time.Time

func (c clock) seconds() float64 { return time.Since(time.Time(c)).Seconds() }
