package highs

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// checkConvex returns a *backends.UnsupportedError for a QP with integer columns and a *NonconvexError for one that is not
// known to be convex.
func (a *Arrays) checkConvex() error {
	if !a.IsQP() {
		return nil
	}
	if a.IsMIP() {
		return &backends.UnsupportedError{Backend: name, Construct: model.IntegerVariables | model.ConvexQuadraticObjective, Where: "together in one problem"}
	}
	terms := make([]model.QuadTerm, 0, len(a.QValue))
	for j := range a.Cost {
		for k := a.QStart[j]; k < a.QStart[j+1]; k++ {
			t := model.QuadTerm{I: int32(j), J: a.QIndex[k], Coef: a.QValue[k]}
			if t.I == t.J {
				t.Coef /= 2
			}
			terms = append(terms, t)
		}
	}
	switch model.New("").Definiteness(terms, nil, a.sign()) {
	case model.Indefinite:
		return &NonconvexError{}
	case model.DefiniteUnknown:
		return &NonconvexError{Unknown: true}
	}
	return nil
}

// The solver's active-set method for QPs has constants that no option changes: it adds 1e-7 to each diagonal entry of the Hessian and
// ends when a step promises to lower the objective by less than 1e-4. So the objective is multiplied by a power of two that brings the
// Hessian to the size qpScale, where both are small beside it.
const (
	regularisation = 1e-7
	qpScale        = 1 << 20
)

// qpSteps is how often a QP may be solved again to take the rest of the regularisation out.
const qpSteps = 2

// qpAttempt is a way of solving a QP.
type qpAttempt struct {
	scale float64 // the size to which the Hessian is scaled
	start qpStart
}

// qpStart is the point that the active-set method starts from.
type qpStart int

const (
	solversStart qpStart = iota // what the solver finds itself
	costStart                   // a vertex that minimises the linear part
	randomStart                 // a vertex that minimises a random linear function
)

// qpAttempts are tried in turn while the solver fails, as it does on one in fifty random QPs with 60 columns and 30 rows: it then loses
// its way among degenerate vertices, and another start leads it elsewhere.
var qpAttempts = []qpAttempt{{qpScale, solversStart}, {qpScale, costStart}, {qpScale, randomStart}, {1, solversStart}}

// qp is a QP in the solver.
type qp struct {
	*session
	opt   SolveOptions
	scale float64 // the factor of the objective
}

// solveQP solves a convex QP. What is left of the regularisation is taken out by proximal point steps: minimising f(x) - r x_k'x + r/2 |x|^2,
// that is f(x) + r/2 |x - x_k|^2 but for a constant, whose fixed points are the minima of f. A problem without a minimum shows
// by a bound that stays away; then the recession problem decides.
func solveQP(ctx context.Context, a *Arrays, opt SolveOptions, events func(backends.Event)) (*Solution, error) {
	s, err := newSession(a, "qp", opt.Log, events)
	if err != nil {
		return nil, err
	}
	q := &qp{session: s, opt: opt}
	defer q.close()
	s.e.setInt("qp_iteration_limit", qpIterations(a))
	if err := opt.configure(s, a); err != nil { // sets the caller's own options, a limit of iterations too, last
		return nil, err
	}
	s.e.setInt("threads", 1) // it would not use more
	var out *Solution
	iterations := 0
	for _, attempt := range qpAttempts {
		if err := q.load(ctx, attempt); err != nil {
			return nil, err
		}
		out = q.run(ctx)
		iterations += out.Iterations
		if out.Status != Failed && out.Status != Unknown && out.Status != IterationLimit || ctx.Err() != nil || q.abandoned {
			break
		}
	}
	if out.Status == Optimal {
		a.measure(out, opt.feasibility(a), 1)
		for step := 0; step < qpSteps && !exact(out); step++ {
			q.proximal(out.X)
			next := q.run(ctx)
			iterations += next.Iterations
			if next.Status != Optimal {
				break
			}
			a.measure(next, opt.feasibility(a), 1)
			if !better(next, out) {
				break
			}
			out = next
		}
	}
	out.Iterations = iterations
	if out.Status == Failed || out.Status == Unknown || out.Status == IterationLimit && opt.SolverOption["qp_iteration_limit"] == "" {
		return a.finish(ctx, opt, s.start, out)
	}
	if out.Status != Optimal || out.Accurate {
		return out, nil
	}
	ray, err := a.ray(ctx, opt)
	if err != nil || ray == nil {
		return out, err
	}
	unbounded := nothing(Unbounded, "unbounded")
	unbounded.X, unbounded.Ray, unbounded.Iterations = out.X, ray, iterations
	return unbounded, nil
}

// finish goes on by steps along chords (see descend) from the point at which the solver lost its way, where it is a feasible one.
func (a *Arrays) finish(ctx context.Context, opt SolveOptions, start time.Time, out *Solution) (*Solution, error) {
	a.measure(out, opt.feasibility(a), 1)
	if out.X == nil || !out.Feasible {
		return out, nil
	}
	s, err := a.chords(ctx, opt, out.X, func() bool {
		return ctx.Err() == nil && (opt.TimeLimit <= 0 || time.Since(start) < opt.TimeLimit)
	})
	if err != nil || s == nil {
		return out, err
	}
	s.Iterations = out.Iterations
	return s, nil
}

// qpIterations is where an attempt is given up: the solver can go round in circles for ever among degenerate vertices, even on QPs of two
// variables, and does not notice a limit of time while it does.
func qpIterations(a *Arrays) int { return 1000 + 100*(a.NumCols()+a.NumRows()) }

// exact reports whether the bound and the objective agree as well as can be expected.
func exact(s *Solution) bool {
	return s.Accurate && math.Abs(s.Objective-s.Bound) <= 1e-9*max(1, math.Abs(s.Objective))
}

// better reports whether s has a smaller gap than t and is no less feasible.
func better(s, t *Solution) bool {
	return s.Violation <= max(t.Violation, 1e-9) && (math.IsNaN(t.Bound) || math.Abs(s.Objective-s.Bound) < math.Abs(t.Objective-t.Bound))
}

// load hands the problem to the solver for an attempt.
func (q *qp) load(ctx context.Context, attempt qpAttempt) error {
	largest := 0.0
	for _, v := range q.a.QValue {
		largest = max(largest, math.Abs(v))
	}
	for _, c := range q.a.Cost {
		largest = max(largest, math.Abs(c)*1e-9) // costs must stay far from what the solver takes as infinite
	}
	q.scale = math.Exp2(math.Round(math.Log2(attempt.scale / largest)))
	scaled := *q.a
	scaled.Cost, scaled.QValue, scaled.Offset = times(q.a.Cost, q.scale), times(q.a.QValue, q.scale), q.a.Offset*q.scale
	q.e.clearSolver()
	if q.e.passModel(&scaled, q.sign) < 0 {
		return &CallError{Call: "passModel", What: fmt.Sprintf("%d rows, %d columns, %d quadratic entries", q.a.NumRows(), q.a.NumCols(), len(q.a.QValue))}
	}
	if attempt.start == solversStart {
		return nil
	}
	return q.startAt(ctx, attempt.start)
}

// startAt gives the solver a vertex to start from, where there is one.
func (q *qp) startAt(ctx context.Context, start qpStart) error {
	vertex := *q.a
	vertex.QStart, vertex.QIndex, vertex.QValue = nil, nil, nil
	if start == randomStart {
		r := rand.New(rand.NewPCG(uint64(q.opt.Seed), 1))
		vertex.Cost = make([]float64, len(q.a.Cost))
		for j := range vertex.Cost {
			vertex.Cost[j] = r.NormFloat64()
		}
	}
	l, err := NewLP(&vertex, LPOptions{TimeLimit: q.opt.TimeLimit, Seed: q.opt.Seed})
	if err != nil {
		return err
	}
	defer l.Close()
	if status, err := l.SolveRobust(ctx); status != Optimal {
		return err
	}
	x := make([]float64, l.n)
	if _, ok := l.Basis(Basis{}); !ok || l.Primal(x) != nil {
		return nil
	}
	q.e.setSolution(x)
	q.e.setBasis(l.colCode, l.rowCode)
	return nil
}

func times(v []float64, factor float64) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = x * factor
	}
	return w
}

// proximal sets the costs for a proximal step from x. The solver starts afresh: from x it would not move, as no step promises enough.
func (q *qp) proximal(x []float64) {
	cost := make([]float64, len(x))
	for j, c := range q.a.Cost {
		cost[j] = q.scale*q.sign*c - regularisation*x[j]
	}
	q.e.clearSolver()
	q.e.changeCosts(sequence(len(x)), cost)
}

// firstSlice is the time that the QP solver first gets. It cannot be interrupted, so that a long solve is cut into slices that grow by
// sliceGrowth; each starts afresh. A solve that was cancelled thus runs on in the background for a limited time only.
const (
	firstSlice  = 2 * time.Second
	sliceGrowth = 4
)

// run runs the solver on what it holds.
func (q *qp) run(ctx context.Context) *Solution {
	for slice := firstSlice; ; slice *= sliceGrowth {
		limit := slice
		if q.opt.TimeLimit > 0 {
			limit = min(limit, max(q.opt.TimeLimit-time.Since(q.start), time.Nanosecond))
		}
		limitTime(ctx, q.e, limit)
		if _, ended := q.session.run(ctx); !ended {
			return q.interrupted()
		}
		out := q.collect()
		if out.RowDuals != nil {
			out.RowDuals, out.ReducedCosts = times(out.RowDuals, 1/q.scale), times(out.ReducedCosts, 1/q.scale)
		}
		if out.Status != TimeLimit || ctx.Err() != nil || q.opt.TimeLimit > 0 && time.Since(q.start) >= q.opt.TimeLimit {
			return out
		}
		q.e.clearSolver()
	}
}
