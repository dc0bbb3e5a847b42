package highs

import (
	"context"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// Backend solves models by HiGHS: linear programs, mixed-integer linear programs, and convex quadratic objectives with continuous
// variables. Get one from New or from the registry of package backends, by the name "highs".
type Backend struct{}

// New returns the backend. In a binary built without HiGHS its Solve returns an error that says so.
func New() *Backend { return &Backend{} }

// Name is "highs".
func (*Backend) Name() string { return name }

// Version is the version of the native library, "" in a binary built without it.
func (*Backend) Version() string { return nativeVersion() }

// Capabilities are the constructs that Solve takes. Integer variables and a quadratic objective are taken apart, not together in one model.
func (*Backend) Capabilities() backends.Capabilities {
	return backends.Capabilities{
		Takes:     model.IntegerVariables | model.ConvexQuadraticObjective,
		Proves:    model.ProofGlobal,
		Duals:     true,
		WarmStart: true,
		Cancels:   true,
	}
}

// Solve solves the model. See package function Solve for how it is cancelled. Where the context's deadline passes, the status is that of a
// time limit; where it is cancelled, StatusInterrupted; both keep the best point. An answer that the solver calls optimal but whose residuals
// or duality gap, measured by us, exceed the tolerances has StatusReducedAccuracy. What it claims of a MILP is looked at a second time on another
// way, see confirm.go. Beyond package function Solve's errors it returns those of
// the model.
func (b *Backend) Solve(ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) (*backends.Result, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := backends.Check(b, m); err != nil {
		return nil, err
	}
	a, err := Lower(m)
	if err != nil {
		return nil, err
	}
	if a.IsQP() && a.IsMIP() {
		return nil, &backends.UnsupportedError{Backend: name, Construct: model.IntegerVariables | model.ConvexQuadraticObjective,
			Where: "together in one model, as " + m.Where(model.IntegerVariables) + " and the objective are"}
	}
	if err := a.Check(); err != nil {
		return nil, err
	}
	began := time.Now()
	s, err := solve(ctx, a, solveOptions(opt), events)
	if err != nil {
		return nil, err
	}
	if s, err = Confirm(ctx, a, solveOptions(opt), began, s); err != nil {
		return nil, err
	}
	return s.result(), nil
}

func solveOptions(o backends.Options) SolveOptions {
	s := SolveOptions{TimeLimit: o.TimeLimit, Gap: o.Gap, AbsoluteGap: o.AbsoluteGap, Feasibility: o.Feasibility, Integrality: o.Integrality,
		Threads: o.Threads, Seed: o.Seed, Cutoff: o.Cutoff, HasCutoff: o.HasCutoff, Log: o.Log, SolverOption: o.SolverOption}
	if o.Start != nil {
		s.Start = o.Start.X
	}
	return s
}

// result is the solution in the terms of package backends.
func (s *Solution) result() *backends.Result {
	r := &backends.Result{Objective: s.Objective, Bound: s.Bound, Gap: s.Gap, Nodes: s.Nodes, Iterations: s.Iterations, Seconds: s.Seconds,
		Ray: s.Ray, Message: s.Message}
	if s.X != nil {
		r.Point = &model.Point{X: s.X, RowDuals: s.RowDuals, VarDuals: s.ReducedCosts}
	}
	r.Status, r.Proof = s.claim()
	return r
}

// claim is the status and proof of a solution.
func (s *Solution) claim() (model.Status, model.Proof) {
	feasible := model.ProofNone
	if s.X != nil && s.Feasible {
		feasible = model.ProofFeasible
	}
	switch s.Status {
	case Optimal:
		if s.Accurate {
			return model.StatusOptimal, model.ProofGlobal
		}
		return model.StatusReducedAccuracy, feasible
	case Infeasible:
		return model.StatusInfeasible, model.ProofInfeasible
	case Unbounded:
		return model.StatusUnbounded, model.ProofUnbounded
	case InfeasibleOrUnbounded:
		return model.StatusInfOrUnbounded, model.ProofNone
	case Interrupted:
		return model.StatusInterrupted, feasible
	case Failed:
		return model.StatusFailed, feasible
	case CutoffReached:
		return model.StatusLimit, model.ProofNone
	}
	switch { // a limit, or the solver gave up
	case feasible == model.ProofFeasible:
		return model.StatusFeasible, feasible
	case s.Status == Unknown:
		return model.StatusUnknown, model.ProofNone
	}
	return model.StatusLimit, model.ProofNone
}
