package firstorder

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/quadratic"
	"github.com/gobilevel/bilevel/nonlinear/response"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// run is one solve. Points have an entry for each variable of the model.
type run struct {
	p      *response.Problem
	opt    Options
	x, y   *quadratic.Set // in the order of LeaderOwn and Own
	result *Result
	last   *response.Answer
	size   float64 // max(1, |∇F|) at the start
}

// Solve runs a method from start, a point of the model. The error is a *response.NotForError where the method is not one for the model, or that of a solver
// that broke; limits are results.
func Solve(ctx context.Context, p *response.Problem, start []float64, opt Options) (*Result, error) {
	began := time.Now()
	opt.fill()
	r := &run{p: p, opt: opt, result: &Result{Objective: math.NaN(), Gap: math.NaN(), Violation: math.Inf(1), Residual: math.NaN()}}
	err := r.solve(ctx, start)
	r.result.Seconds = time.Since(began).Seconds()
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	r.conclude(ctx)
	return r.result, nil
}

func (r *run) solve(ctx context.Context, start []float64) error {
	if r.opt.Method == DCA {
		return r.dca(ctx, start)
	}
	var hard map[int]bool
	r.x, hard = r.p.LeaderSet()
	for row := range r.p.Model.NumRows() {
		lo, hi := r.p.Model.RowBounds(row)
		if leaders := r.p.Model.RowOwner(row) == 0 || r.p.Only[row]; leaders && !hard[row] && !(math.IsInf(lo, -1) && math.IsInf(hi, 1)) {
			return &response.NotForError{Where: r.p.Model.RowName(row), Reason: "the leader's constraint is not an affine one in the leader's variables alone, and decisions are projected", Remedy: "use value-function:dca or implicit"}
		}
	}
	var err error
	if r.y, err = r.p.FollowerSet(); err != nil {
		return err
	}
	z := append([]float64(nil), start...)
	if !r.project(ctx, z, r.p.LeaderOwn, r.x) || !r.project(ctx, z, r.p.Own, r.y) {
		r.result.Status, r.result.Message = model.StatusInfeasible, "no decision or no answer satisfies its own constraints"
		return ctx.Err()
	}
	r.size = math.Min(math.Max(1, dense.MaxAbs(r.gradient(z, true))), 1e6)
	if r.opt.Method == Penalty {
		return r.penalty(ctx, z)
	}
	return r.scheduled(ctx, z)
}

// project moves some entries of z onto a set, and reports false where that fails.
func (r *run) project(ctx context.Context, z []float64, own []int, s *quadratic.Set) bool {
	part := make([]float64, len(own))
	for i, j := range own {
		part[i] = z[j]
	}
	part = s.Project(ctx, r.opt.Smooth, part)
	if part == nil {
		return false
	}
	for i, j := range own {
		z[j] = part[i]
	}
	return true
}

// gradient is that of F (outer) or f.
func (r *run) gradient(z []float64, outer bool) []float64 {
	g := make([]float64, len(z))
	if outer {
		r.p.Outer.Gradient(z, g)
	} else {
		r.p.Inner.Gradient(z, g)
	}
	return g
}

// exact answers the follower at the decision of z and keeps the point where it is the best so far. It returns nil where there is no answer.
func (r *run) exact(ctx context.Context, z []float64) (*response.Answer, error) {
	r.result.Answers++
	a, err := r.p.At(ctx, z, r.last, response.Solvers{Smooth: r.opt.Smooth, Backend: r.opt.Backend})
	var none *response.NoAnswerError
	if errors.As(err, &none) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.last = a
	v, f := r.violation(a.X), r.p.Outer.Objective(a.X)
	res := r.result
	better := res.X == nil || v <= r.opt.Feasibility && (res.Violation > r.opt.Feasibility || f < res.Objective) ||
		v > r.opt.Feasibility && v < res.Violation
	if better && !math.IsNaN(f) {
		res.X, res.Objective, res.Violation, res.Answer = a.X, f, v, a
	}
	return a, nil
}

// settle takes the answer a, whose decision has passed the stopping test, for the result and states StatusLocal, unless the result is an earlier answer that is
// better by more than the accuracy of the test: of that one the test says nothing.
func (r *run) settle(a *response.Answer) {
	v, f := r.violation(a.X), r.p.Outer.Objective(a.X)
	res := r.result
	if v > r.opt.Feasibility || !(f <= res.Objective+r.opt.Tolerance*math.Max(1, math.Abs(f))) {
		return
	}
	res.X, res.Objective, res.Violation, res.Answer = a.X, f, v, a
	res.Status = model.StatusLocal
}

// unprojected ends a solve for which a step could not be projected: the error of the context where that is the reason. Nothing is known of points that were not
// reached.
func (r *run) unprojected(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.result.Message = "a step could not be projected onto the constraints of its variables"
	return nil
}

// violation is the largest one of the leader's constraints and bounds.
func (r *run) violation(x []float64) float64 {
	out := r.p.Outer
	lo, hi := out.RowBounds()
	c := make([]float64, len(lo))
	out.Rows(x, c)
	v := 0.0
	for i := range c {
		v = math.Max(v, math.Max(lo[i]-c[i], c[i]-hi[i]))
	}
	for _, j := range r.p.LeaderOwn {
		l, u := r.p.Bounds(j)
		v = math.Max(v, math.Max(l-x[j], x[j]-u))
	}
	return v
}

// tell reports progress, and whether to go on.
func (r *run) tell(e Event) bool {
	e.Iteration = r.result.Iterations
	r.result.Residual, r.result.Gap, r.result.Lambda = e.Residual, e.Gap, e.Lambda
	return r.opt.Progress == nil || r.opt.Progress(e)
}

// conclude states what was found. StatusLocal is set by the stopping test.
func (r *run) conclude(ctx context.Context) {
	res := r.result
	feasible := res.X != nil && res.Violation <= r.opt.Feasibility
	switch {
	case feasible && res.Objective < -1e15:
		res.Status = model.StatusUnbounded
	case feasible && res.Status != model.StatusLocal:
		res.Status = model.StatusFeasible
	case !feasible && ctx.Err() != nil:
		res.Status = model.StatusLimit
		if errors.Is(ctx.Err(), context.Canceled) {
			res.Status = model.StatusInterrupted
		}
	case !feasible && res.Status != model.StatusInfeasible && (res.X == nil || res.Message != ""): // the search broke off
		res.Status = model.StatusUnknown
		if res.Message == "" {
			res.Message = "the follower has no answer where the search has led"
		}
	case !feasible:
		res.Status = model.StatusInfeasible
		if res.Message == "" {
			res.Message = "the leader's constraints hold with no answer that was found"
		}
	}
}
