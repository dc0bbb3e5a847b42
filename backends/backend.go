// Package backends says what a solver must be able to do to serve as the last link of a plan: the Backend interface, its capabilities,
// options, events and results, and the registry of the backends that are in this binary.
package backends

import (
	"context"
	"fmt"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// Capabilities declares the constructs that a backend takes and what its answers prove.
type Capabilities struct {
	Takes     model.Constructs // constructs that Solve accepts; anything else is an *UnsupportedError
	Proves    model.Proof      // the strongest proof of an answer: ProofGlobal, ProofLocal
	Duals     bool             // Result.Point carries duals where the model is continuous
	WarmStart bool             // Options.Start is used
	Cancels   bool             // stops soon after the context is done
}

// Options are the settings of one solve. The zero value of each field means its default.
type Options struct {
	TimeLimit    time.Duration     // 0: none besides the context's deadline
	Gap          float64           // relative optimality gap at which a MILP stops; default 1e-4, range [0, 1)
	AbsoluteGap  float64           // absolute gap at which a MILP stops; default 1e-6
	Feasibility  float64           // largest violation of a constraint, in its own units; default 1e-9 for LPs, 1e-6 for MILPs as the solver defines it
	Integrality  float64           // largest distance of an integer variable to an integer; default 1e-6
	Threads      int               // 0: the solver's choice
	Seed         int               // random seed of the solver
	Cutoff       float64           // an objective value (minimisation sense as declared) that need not be improved on; NaN or 0 with HasCutoff false: none
	HasCutoff    bool              // Cutoff is set
	Start        *model.Point      // a point to start from, nil: none
	Log          func(string)      // receives the solver's own log, line by line; nil: silent
	SolverOption map[string]string // options of the solver by its own names, set last
}

// Event is a report of progress. Values that do not exist are NaN.
type Event struct {
	Step             string // what is running: "milp", "lp", "bounds"
	Iteration, Nodes int
	Incumbent, Bound float64 // in the declared sense of the model's objective
	Gap, Residual    float64
	Elapsed          time.Duration
}

// Result is what a backend claims. Nothing in it has been checked against the model: that is the work of package verify.
type Result struct {
	Status     model.Status
	Proof      model.Proof  // what the solver claims to have proven about the model that it was given
	Point      *model.Point // nil where there is none
	Objective  float64      // leader's objective at Point, as declared; NaN where none
	Bound      float64      // proven bound on the objective, as declared; NaN where none
	Gap        float64      // |Objective-Bound| / max(1e-10, |Objective|), NaN where none
	Nodes      int
	Iterations int
	Seconds    float64
	Ray        []float64 // direction of unboundedness by variable, where the solver gives one
	Message    string    // the solver's own words
}

// Backend is an adapter to a solver. Solve never changes the model, honours ctx within a second, and returns an error only where
// the call itself broke: infeasible, unbounded and stopped are results.
type Backend interface {
	Name() string
	Version() string
	Capabilities() Capabilities
	Solve(ctx context.Context, m *model.Model, opt Options, events func(Event)) (*Result, error)
}

// UnsupportedError says that a backend was handed a construct that it does not take.
type UnsupportedError struct {
	Backend   string
	Construct model.Constructs
	Where     string // a name in the model, where one can be told
}

func (e *UnsupportedError) Error() string {
	at := ""
	if e.Where != "" {
		at = " (" + e.Where + ")"
	}
	return fmt.Sprintf("%s does not take %v%s: reformulate the model first, or choose another backend", e.Backend, e.Construct, at)
}

// Check returns an *UnsupportedError where the model contains a construct that the backend does not take, else nil.
func Check(b Backend, m *model.Model) error {
	if extra := m.Constructs().Without(b.Capabilities().Takes); extra != 0 {
		return &UnsupportedError{Backend: b.Name(), Construct: extra, Where: m.Where(extra)}
	}
	return nil
}
