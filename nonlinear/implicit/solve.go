package implicit

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/response"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// The growth of the penalty, and where it ends.
const (
	penaltyFactor = 10
	mostPenalty   = 1e9
)

// Solve minimises the leader's objective from start, a point of the model of which the followers' entries are a guess. Answers of followers that are not
// convex are those that the solver finds near the last one. An error is that of a solver that broke; limits and refusals of points are results.
func Solve(ctx context.Context, p *response.Problem, start []float64, opt Options) (*Result, error) {
	began := clock(time.Now())
	set, hard := p.LeaderSet()
	r := &run{reduced: newReduced(p, opt, hard), set: set, result: &Result{Objective: math.NaN(), Violation: math.Inf(1), Residual: math.NaN(), Error: math.NaN()}}
	r.point = append([]float64(nil), start...)
	err := r.solve(ctx, start)
	res := r.result
	res.Evaluations, res.Kinks, res.Penalty = r.evals, r.kinks, r.sigma
	res.Seconds = began.seconds()
	stopped := errors.Is(err, errEvaluations) || err != nil && ctx.Err() != nil
	if err != nil && !stopped {
		return nil, err
	}
	r.conclude(ctx, stopped)
	return res, nil
}

func (r *run) solve(ctx context.Context, start []float64) error {
	if err := r.begin(ctx, start); err != nil || r.best == nil {
		return err
	}
	g := make([]float64, len(r.point))
	r.p.Outer.Gradient(r.best.answer.X, g)
	r.size = math.Min(math.Max(1, dense.MaxAbs(g)), 1e6)
	r.sigma = r.opt.Penalty
	if r.sigma == 0 {
		r.sigma = 10 * r.size
	}
	for {
		r.memory = nil
		r.best = r.measure(ctx, r.best.x, r.best.answer)
		r.memory = append(r.memory, r.best)
		r.budget = r.opt.iterations()
		stationary := false
		var err error
		if !r.opt.BundleOnly {
			if stationary, err = r.bfgs(ctx); err != nil {
				return err
			}
		}
		if !stationary && !r.ended && r.best.objective >= -1e15 {
			if stationary, err = r.bundle(ctx); err != nil {
				return err
			}
		}
		feasible := r.best.worst <= r.opt.feasibility()
		if stationary && feasible {
			r.result.Status = model.StatusLocal
		}
		if feasible || r.ended || r.sigma >= mostPenalty || r.best.objective < -1e15 && feasible {
			return nil
		}
		r.sigma *= penaltyFactor
	}
}

// begin finds a first decision with an answer: the start projected on X, or a decision at which the constraints of both levels hold.
func (r *run) begin(ctx context.Context, start []float64) error {
	x := make([]float64, len(r.p.LeaderOwn))
	for i, j := range r.p.LeaderOwn {
		x[i] = math.Min(math.Max(start[j], r.set.Lower[i]), r.set.Upper[i])
	}
	if x = r.set.Project(ctx, r.opt.Smooth, x); x == nil {
		r.result.Status, r.result.Message = model.StatusInfeasible, "no decision satisfies the leader's constraints"
		return ctx.Err()
	}
	var err error
	if r.best, err = r.at(ctx, x); err != nil || r.best != nil {
		return err
	}
	joint, err := r.jointPoint(ctx, start)
	if err != nil || joint == nil {
		r.result.Status, r.result.Message = model.StatusInfeasible, "no point was found at which the constraints of both levels hold"
		return err
	}
	copy(r.point, joint)
	for i, j := range r.p.LeaderOwn {
		x[i] = joint[j]
	}
	if r.best, err = r.at(ctx, x); err == nil && r.best == nil {
		r.result.Status, r.result.Message = model.StatusUnknown, "the follower has no answer where the search sets out"
	}
	return err
}

// jointPoint is a point next to z that satisfies the constraints of both levels.
func (r *run) jointPoint(ctx context.Context, z []float64) ([]float64, error) {
	c, err := smooth.Compile(r.p.ProjectionModel(z))
	if err != nil {
		return nil, err
	}
	a, err := r.opt.Smooth.Solve(ctx, c, smooth.Start{X: append([]float64(nil), z...)}, smooth.Options{MaxIterations: 500, Tolerance: 1e-7})
	if err != nil || a.Violation > 1e-6 {
		return nil, err
	}
	return a.X, nil
}

// conclude fills in the result from the best sample.
func (r *run) conclude(ctx context.Context, stopped bool) {
	res := r.result
	if r.best == nil {
		if stopped {
			res.Status = model.StatusLimit
			if errors.Is(ctx.Err(), context.Canceled) {
				res.Status = model.StatusInterrupted
			}
		}
		return
	}
	b := r.best
	res.X, res.Objective, res.Violation, res.Answer, res.Singular = b.answer.X, b.objective, b.worst, b.answer, b.singular
	feasible := b.worst <= r.opt.feasibility()
	switch {
	case feasible && b.objective < -1e15:
		res.Status = model.StatusUnbounded
	case feasible && res.Status != model.StatusLocal:
		res.Status = model.StatusFeasible
	case !feasible && stopped:
		res.Status = model.StatusLimit
	case !feasible:
		res.Status, res.Message = model.StatusInfeasible, "the leader's constraints are violated wherever the penalty has led"
	}
	if !stopped || res.Status == model.StatusUnbounded {
		return
	}
	if res.Message == "" {
		res.Message = "stopped before the test of stationarity passed"
	}
}
