package lpsolve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// Backend solves models by lp_solve: linear programs, mixed-integer linear programs, and both with SOS1 sets. Get one from New or from the
// registry of package backends, by the name "lpsolve".
type Backend struct{}

// New returns the backend. Where there is no library its Solve returns an error that says so.
func New() *Backend { return &Backend{} }

// Name is "lpsolve".
func (*Backend) Name() string { return name }

// Version is the version of the library, "" where there is none.
func (*Backend) Version() string { return nativeVersion() }

// Capabilities are the constructs that Solve takes.
func (*Backend) Capabilities() backends.Capabilities {
	return backends.Capabilities{
		Takes:     model.IntegerVariables | model.SOS1Sets,
		Proves:    model.ProofGlobal,
		Duals:     true,
		WarmStart: true,
		Cancels:   true,
	}
}

// Solve solves the model. It returns within a second after ctx is done; where the solver does not notice by then it is left to finish in the
// background, and counts in OpenInstances until it does. Where the context's deadline or the time limit passes, the status is that of a
// limit; where it is cancelled, StatusInterrupted; both keep the best point.
//
// The order of an SOS1 set's weights is the order for branching, and sets are branched on in the order in which they stand in the model.
// The solver runs on one thread and makes no random choices, so that Options.Threads and Options.Seed change nothing. A start that is
// feasible is kept as the first incumbent, and limits the objective; the solver itself knows no starting point. Options.SolverOption takes the
// names of lp_solve's functions set_NAME: scaling, scalelimit, improve, simplextype, pivoting, basiscrash, epsb, epsd, epspivot, bb_rule,
// bb_floorfirst, maxpivot, anti_degen, negrange.
//
// Errors are those of the model, or of type *OptionError, *CallError, *SizeError, *backends.UnsupportedError or *backends.UnknownError (no
// library).
func (b *Backend) Solve(ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) (*backends.Result, error) {
	start := time.Now()
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := backends.Check(b, m); err != nil {
		return nil, err
	}
	if newEngine == nil {
		return nil, errAbsent()
	}
	if err := checkOptions(opt, m.NumVars()); err != nil {
		return nil, err
	}
	given, err := ownOptions(opt.SolverOption)
	if err != nil {
		return nil, err
	}
	l, err := lower(m, nil)
	if err != nil {
		return nil, err
	}
	w := &work{opt: opt, start: start, model: l, given: given, events: events, value: math.Inf(1), bound: math.Inf(-1), told: math.Inf(1),
		feasibility: orDefault(opt.Feasibility, 1e-9), integrality: orDefault(opt.Integrality, 1e-6)}
	if l.isMIP() {
		w.feasibility = orDefault(opt.Feasibility, 1e-6)
	}
	w.ctx = ctx
	if opt.TimeLimit > 0 {
		limited, cancel := context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
		w.ctx = limited
	}
	a, err := w.solve()
	w.end()
	if err != nil {
		return nil, err
	}
	r := w.result(ctx, a)
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// solve answers what needs no solver, and else asks it.
func (w *work) solve() (*answer, error) {
	if len(w.model.free) > 0 && w.model.impossible == "" && w.ctx.Err() == nil {
		if err := w.boundFree(); err != nil {
			return nil, err
		}
	}
	p := &w.model.problem
	why := w.model.impossible
	if why == "" {
		why = w.model.indivisible()
	}
	switch {
	case why != "":
		return &answer{verdict: infeasible, bound: math.Inf(-1), message: "infeasible: " + why}, nil
	case w.ctx.Err() != nil:
		return &answer{verdict: stopped, bound: math.Inf(-1), message: "stopped before the start"}, nil
	case len(p.cost) == 0:
		w.say("the problem has no variables")
		return &answer{verdict: optimal, x: []float64{}, y: []float64{}, d: []float64{}, accurate: true, message: "optimal: the problem is empty"}, nil
	}
	if w.model.sign < 0 {
		w.say("the problem is a maximisation; the solver minimises the negative of its objective, and its log shows that")
	}
	if !p.isMIP() {
		return w.lp(p)
	}
	if w.opt.Start != nil {
		if x := w.model.sink(w.opt.Start.X); x != nil && p.violation(x, w.feasibility, w.integrality) <= w.feasibility {
			w.mu.Lock()
			w.keep(x)
			w.mu.Unlock()
		}
	}
	a, err := w.mip(p)
	if err == nil && w.model.assumed {
		a.assume()
	}
	return a, err
}

// assume takes back what an answer proves only if integer variables without bounds stay below assumedBound.
func (a *answer) assume() {
	switch a.verdict {
	case optimal:
		a.verdict = stopped
	case infeasible, cutOff:
		a.verdict = unclear
	default:
		return
	}
	a.bound = math.Inf(-1)
	a.message += fmt.Sprintf(", if integer variables without a bound stay above %g", -assumedBound)
}

// result is an answer in the terms of package backends.
func (w *work) result(ctx context.Context, a *answer) *backends.Result {
	nan := math.NaN()
	r := &backends.Result{Objective: nan, Bound: w.declared(a.bound), Gap: nan, Message: a.message}
	w.mu.Lock()
	r.Nodes, r.Iterations = max(w.nodes, w.seen), w.iterations
	w.mu.Unlock()
	l := w.model
	if a.x != nil {
		r.Point = &model.Point{X: l.raise(a.x)}
		r.Objective = l.m.ObjectiveValue(0, r.Point.X)
		if !math.IsNaN(r.Bound) && l.sign*(r.Bound-r.Objective) > 0 {
			r.Bound = r.Objective // what rounding put on the wrong side
		}
		if !math.IsNaN(r.Bound) {
			r.Gap = gap(r.Objective, r.Bound)
		}
	}
	if a.ray != nil {
		r.Ray = l.raiseRay(a.ray)
	}
	if a.y != nil && !l.isMIP() {
		l.raiseDuals(r.Point, a)
	}
	r.Status, r.Proof = a.claim(ctx)
	return r
}

// raiseDuals writes duals as shadow prices of the objective as declared.
func (l *lowered) raiseDuals(p *model.Point, a *answer) {
	p.RowDuals, p.VarDuals = make([]float64, len(l.rowOf)), make([]float64, len(l.plus))
	for i, row := range l.rowOf {
		if row >= 0 {
			p.RowDuals[i] = l.sign*a.y[row] + 0
		}
	}
	for j, column := range l.plus {
		p.VarDuals[j] = l.sign*a.d[column] + 0
	}
}

// claim is the status and proof of an answer.
func (a *answer) claim(ctx context.Context) (model.Status, model.Proof) {
	proof := model.ProofNone
	if a.x != nil && a.accurate {
		proof = model.ProofFeasible
	}
	switch a.verdict {
	case optimal:
		return model.StatusOptimal, model.ProofGlobal
	case infeasible:
		return model.StatusInfeasible, model.ProofInfeasible
	case unbounded:
		return model.StatusUnbounded, model.ProofUnbounded
	case endless:
		return model.StatusInfOrUnbounded, model.ProofNone
	case cutOff:
		return model.StatusLimit, model.ProofNone
	case stopped:
		if errors.Is(ctx.Err(), context.Canceled) {
			return model.StatusInterrupted, proof
		}
		if proof == model.ProofFeasible {
			return model.StatusFeasible, proof
		}
		return model.StatusLimit, model.ProofNone
	case feasible:
		return model.StatusReducedAccuracy, proof
	}
	if a.x != nil {
		return model.StatusReducedAccuracy, proof
	}
	return model.StatusUnknown, model.ProofNone
}
