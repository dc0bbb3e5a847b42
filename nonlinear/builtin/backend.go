// Package builtin is the backend "builtin": models in continuous variables, linear, quadratic and nonlinear, solved by nonlinear/newton. It
// needs no library. Importing the package registers it:
//
//	import _ "github.com/gobilevel/bilevel/nonlinear/builtin"
package builtin

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

const (
	name    = "builtin"
	version = "1.0"
)

func init() { backends.Register(name, func() backends.Backend { return New() }) }

// Backend solves models by newton.Solver. Get one from New or from the registry of package backends.
type Backend struct{ solver smooth.Solver }

// New returns the backend.
func New() *Backend { return &Backend{&newton.Solver{}} }

var _ backends.Smooth = (*Backend)(nil)

// Name is "builtin".
func (*Backend) Name() string { return name }

// Version is that of the solver.
func (*Backend) Version() string { return version }

// SmoothSolver is the solver below the backend.
func (b *Backend) SmoothSolver() smooth.Solver { return b.solver }

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

// Solve solves the model from Options.Start, or else from its start values. A start with duals is taken as close to a solution.
//
// A point that satisfies the first-order conditions is StatusLocal with ProofLocal. Of a model that is convex by model.Classify more is
// shown where the multipliers show it: that no point is better by more than 1e-6, relative (StatusOptimal, ProofGlobal, and
// Result.Bound is the bound that they prove), that there is no feasible point, and of a linear or convex quadratic one that it is unbounded
// along Result.Ray. Else the status is StatusUnknown where the solver speaks of infeasible or unbounded, and Message says what it found.
//
// Options.Feasibility is 1e-8 by default, Options.SolverOption are the solver's, see newton.Solver. Integrality, Gap, AbsoluteGap, Threads,
// Seed and Cutoff change nothing. Events tell iterations, the best feasible objective so far, and as residual the larger one of violation
// and residual of stationarity.
//
// Errors are those of the model, of newton.Solver.Solve, or of type *backends.UnsupportedError or *OptionError.
func (b *Backend) Solve(ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) (*backends.Result, error) {
	begin := time.Now()
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := backends.Check(b, m); err != nil {
		return nil, err
	}
	if err := checkOptions(opt, m); err != nil {
		return nil, err
	}
	p, err := smooth.Compile(m)
	if err != nil {
		return nil, err
	}
	s := &solve{solver: b.solver, m: m, p: p, sign: m.Leader().Objective().Sense.Sign(), feasibility: opt.Feasibility, incumbent: math.NaN()}
	if s.feasibility == 0 {
		s.feasibility = newton.DefaultTolerance
	}
	start, warm := s.start(opt.Start)
	o := smooth.Options{Feasibility: opt.Feasibility, TimeLimit: opt.TimeLimit, Warm: warm, Log: opt.Log, Native: opt.SolverOption}
	if events != nil {
		o.Progress = func(it smooth.Iterate) bool { events(s.event(it)); return true }
	}
	a, err := b.solver.Solve(ctx, p, start, o)
	if err != nil {
		return nil, err
	}
	r, err := s.result(ctx, a)
	if err != nil {
		return nil, err
	}
	r.Seconds = time.Since(begin).Seconds()
	return r, nil
}

// solve is one call of Backend.Solve.
type solve struct {
	solver      smooth.Solver
	m           *model.Model
	p           *smooth.Compiled
	sign        float64 // -1 where the model maximises
	feasibility float64
	incumbent   float64 // as declared
}

// start makes a start of a point with shadow prices; warm says that it has some.
func (s *solve) start(p *model.Point) (start smooth.Start, warm bool) {
	if p == nil {
		x, _ := s.m.StartPoint()
		return smooth.Start{X: x}, false
	}
	start.X = p.X
	if p.RowDuals != nil {
		start.Rows = make([]float64, len(p.RowDuals))
		for r, v := range p.RowDuals {
			start.Rows[r] = -s.sign * v
		}
	}
	if p.VarDuals != nil {
		start.Lower, start.Upper = make([]float64, len(p.VarDuals)), make([]float64, len(p.VarDuals))
		for j, v := range p.VarDuals {
			start.Lower[j], start.Upper[j] = max(0, s.sign*v), max(0, -s.sign*v)
		}
	}
	return start, p.RowDuals != nil
}

// event is an iterate in the terms of package backends.
func (s *solve) event(it smooth.Iterate) backends.Event {
	if !it.Restoration && it.Violation <= s.feasibility && !(it.Objective >= s.sign*s.incumbent) {
		s.incumbent = s.sign * it.Objective
	}
	return backends.Event{Step: "nlp", Iteration: it.Iteration, Incumbent: s.incumbent, Bound: math.NaN(), Gap: math.NaN(),
		Residual: max(it.Violation, it.Residual), Elapsed: it.Elapsed}
}

// OptionError says that an option has a value that it cannot have.
type OptionError struct{ Name, Value, Reason string }

func (e *OptionError) Error() string {
	return fmt.Sprintf("builtin: option %s = %s: %s", e.Name, e.Value, e.Reason)
}

// checkOptions refuses settings out of range.
func checkOptions(o backends.Options, m *model.Model) error {
	for _, v := range []struct {
		name        string
		value       float64
		from, below float64
	}{{"Feasibility", o.Feasibility, 1e-12, 0.1}, {"Gap", o.Gap, 0, 1}, {"AbsoluteGap", o.AbsoluteGap, 0, math.Inf(1)},
		{"Integrality", o.Integrality, 1e-10, 0.5}, {"Threads", float64(o.Threads), 0, 1025}} {
		if v.value != 0 && !(v.value >= v.from && v.value < v.below) {
			return &OptionError{v.name, fmt.Sprint(v.value), fmt.Sprintf("choose a value from %v to less than %v, or 0 for the default", v.from, v.below)}
		}
	}
	if o.TimeLimit < 0 {
		return &OptionError{"TimeLimit", o.TimeLimit.String(), "a time cannot be negative"}
	}
	if o.HasCutoff && math.IsNaN(o.Cutoff) {
		return &OptionError{"Cutoff", "NaN", "give a number"}
	}
	if o.Start != nil && len(o.Start.X) != m.NumVars() {
		return &OptionError{"Start", fmt.Sprintf("%d values", len(o.Start.X)), fmt.Sprintf("the model has %d variables", m.NumVars())}
	}
	return nil
}
