package ipopt

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// Backend solves models in continuous variables, linear, quadratic and nonlinear, by Ipopt. Get one from New or from the registry of package
// backends, by the name "ipopt".
type Backend struct{}

// New returns the backend. Where there is no library its Solve returns an error that says so.
func New() *Backend { return &Backend{} }

var _ backends.Smooth = (*Backend)(nil)

// Name is "ipopt".
func (*Backend) Name() string { return name }

// Version is the version of the library, "" where there is none. It opens the library, and solves a small program where that is the only
// way to find out.
func (*Backend) Version() string { return nativeVersion() }

// SmoothSolver is the solver below the backend.
func (*Backend) SmoothSolver() smooth.Solver { return NewSolver() }

// Capabilities are the constructs that Solve takes. What an answer proves is at least local; of a convex model it is global, see Solve.
func (*Backend) Capabilities() backends.Capabilities {
	return backends.Capabilities{
		Takes:     model.ConvexQuadraticObjective | model.QuadraticObjective | model.QuadraticRows | model.NonlinearFunctions,
		Proves:    model.ProofLocal,
		Duals:     true,
		WarmStart: true,
		Cancels:   true,
	}
}

// Solve solves the model from Options.Start, or else from its start values, 0 inside the bounds where there are none. A start with duals is
// taken as close to a solution. It returns within a fraction of a second after ctx is done.
//
// A solution is StatusLocal with ProofLocal: a point that satisfies the first-order conditions. Where the model is convex by
// model.Classify the multipliers bound the objective from below (lowerBound), and where that bound meets the objective to a millionth the
// answer is StatusOptimal with ProofGlobal, Result.Bound being that bound; likewise a convex model is called infeasible, and a linear or
// convex quadratic one unbounded, where multipliers or a ray show it. Without that the status is StatusUnknown and Message says what was
// found. Result.Point is nil where the last point violates the model.
//
// Options.Feasibility is 1e-8 by default. Options.SolverOption are the library's options, see Solver.Solve. Integrality, AbsoluteGap, Gap,
// Threads, Seed and Cutoff change nothing. Events tell iterations, the best feasible objective so far as incumbent, and as residual the
// larger one of violation and residual of stationarity.
//
// Errors are those of the model, or of type *OptionError, *PanicError, *backends.UnsupportedError or *backends.UnknownError (no library).
func (b *Backend) Solve(ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) (*backends.Result, error) {
	begin := time.Now()
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := backends.Check(b, m); err != nil {
		return nil, err
	}
	if newEngine == nil {
		return nil, errAbsent()
	}
	if err := checkModelOptions(opt, m); err != nil {
		return nil, err
	}
	p, err := smooth.Compile(m)
	if err != nil {
		return nil, err
	}
	if opt.TimeLimit > 0 {
		limited, cancel := context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
		ctx = limited
	}
	w := &work{model: m, program: p, feasibility: orDefault(opt.Feasibility, defaultTolerance), sign: m.Leader().Objective().Sense.Sign(), events: events,
		incumbent: math.NaN()}
	start, warm := w.start(opt.Start)
	o := smooth.Options{Feasibility: opt.Feasibility, Warm: warm, Log: opt.Log, Native: opt.SolverOption}
	if events != nil {
		o.Progress = w.progress
	}
	if opt.Log != nil && w.sign < 0 {
		opt.Log("the problem is a maximisation; the solver minimises the negative of its objective, and its log shows that")
	}
	a, certain, err := solve(ctx, p, start, o)
	if err != nil {
		return nil, err
	}
	w.certain = certain
	r, err := w.result(ctx, a)
	if err != nil {
		return nil, err
	}
	r.Seconds = time.Since(begin).Seconds()
	return r, nil
}

// work is one call of Backend.Solve.
type work struct {
	model       *model.Model
	program     *smooth.Compiled
	feasibility float64
	sign        float64 // -1 for a maximisation
	events      func(backends.Event)
	incumbent   float64 // as declared
	certain     bool    // the bounds leave no choice
}

// start is the start of the program, and whether it is close to a solution.
func (w *work) start(given *model.Point) (start smooth.Start, warm bool) {
	if given == nil {
		x, _ := w.model.StartPoint()
		return smooth.Start{X: x}, false
	}
	start.X = given.X
	if given.RowDuals != nil {
		start.Rows = make([]float64, len(given.RowDuals))
		for r, v := range given.RowDuals {
			start.Rows[r] = -w.sign * v
		}
	}
	if given.VarDuals != nil {
		start.Lower, start.Upper = make([]float64, len(given.X)), make([]float64, len(given.X))
		for j, v := range given.VarDuals {
			start.Lower[j], start.Upper[j] = math.Max(0, w.sign*v), math.Max(0, -w.sign*v)
		}
	}
	return start, given.RowDuals != nil || given.VarDuals != nil
}

// progress tells an iterate.
func (w *work) progress(it smooth.Iterate) bool {
	if v := w.sign * it.Objective; it.Violation <= w.feasibility && !it.Restoration && !(w.sign*v >= w.sign*w.incumbent) {
		w.incumbent = v
	}
	nan := math.NaN()
	w.events(backends.Event{Step: "nlp", Iteration: it.Iteration, Incumbent: w.incumbent, Bound: nan, Gap: nan,
		Residual: math.Max(it.Violation, it.Residual), Elapsed: it.Elapsed})
	return true
}

// checkModelOptions refuses settings out of range.
func checkModelOptions(o backends.Options, m *model.Model) error {
	for _, r := range []struct {
		name             string
		v, lower, beyond float64
	}{{"Gap", o.Gap, 0, 1}, {"AbsoluteGap", o.AbsoluteGap, 0, math.Inf(1)}, {"Feasibility", o.Feasibility, 1e-12, 1e-1},
		{"Integrality", o.Integrality, 1e-10, 0.5}, {"Threads", float64(o.Threads), 0, 1025}} {
		if r.v != 0 && !(r.v >= r.lower && r.v < r.beyond) {
			return &OptionError{r.name, fmt.Sprint(r.v), fmt.Sprintf("out of the range [%v, %v)", r.lower, r.beyond)}
		}
	}
	if o.HasCutoff && math.IsNaN(o.Cutoff) {
		return &OptionError{"Cutoff", "NaN", "is not a number"}
	}
	if o.Start == nil {
		return nil
	}
	for _, v := range []struct {
		what   string
		values []float64
		size   int
	}{{"X", o.Start.X, m.NumVars()}, {"RowDuals", o.Start.RowDuals, m.NumRows()}, {"VarDuals", o.Start.VarDuals, m.NumVars()}} {
		if len(v.values) != v.size && (v.values != nil || v.what == "X") {
			return &OptionError{"Start", fmt.Sprintf("%d values in %s", len(v.values), v.what), fmt.Sprintf("%d are needed", v.size)}
		}
		for _, e := range v.values {
			if e-e != 0 {
				return &OptionError{"Start", fmt.Sprintf("%v in %s", e, v.what), "is not a finite number"}
			}
		}
	}
	return nil
}
