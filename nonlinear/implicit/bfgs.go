package implicit

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/quadratic"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// run is one solve.
type run struct {
	*reduced
	set    *quadratic.Set
	result *Result
	best   *sample // by the penalised objective
	budget int     // steps that are left
	size   float64 // max(1, |∇F|) at the start
	ended  bool    // Progress has ended it
	domain domain
}

// armijo is the part of the predicted decrease that a step has to keep, and halvings how often it is shortened.
const (
	armijo   = 1e-4
	halvings = 30
	// So many short steps in a row, each of which took more than so many trials, are those of a kink.
	shortSteps = 2
	manyTrials = 8
)

// step solves a quadratic program on X - x; nil where that fails.
func (r *run) step(ctx context.Context, q *quadratic.Program) *smooth.Answer {
	a, err := r.opt.Smooth.Solve(ctx, q, smooth.Start{X: make([]float64, q.N)}, smooth.Options{MaxIterations: 300, Tolerance: 1e-10})
	if err != nil || !a.Solved() {
		return nil
	}
	return a
}

// along is x + t d within the bounds.
func (r *run) along(x, d []float64, t float64) []float64 {
	out := make([]float64, len(x))
	for j := range x {
		out[j] = math.Min(math.Max(x[j]+t*d[j], r.set.Lower[j]), r.set.Upper[j])
	}
	return out
}

// bfgs goes down from the best sample until a step is nearly zero or the line search fails, and reports whether it ended at a stationary point.
func (r *run) bfgs(ctx context.Context) (bool, error) {
	n := len(r.best.x)
	b := quadratic.Identity(n, 1)
	fresh, short := true, 0
	for r.budget > 0 && !r.ended {
		r.budget--
		r.result.Iterations++
		at := r.best
		q := r.set.Shifted(at.x, 0)
		q.H = b
		copy(q.G, at.grad)
		a := r.step(ctx, q)
		if a == nil {
			if fresh || ctx.Err() != nil {
				return false, ctx.Err()
			}
			b, fresh = quadratic.Identity(n, 1), true
			continue
		}
		d := a.X[:n]
		residual := dense.MaxAbs(r.projected(ctx, at))
		r.tell("bfgs", residual)
		if residual <= r.opt.tolerance()*r.size {
			r.result.Residual, r.result.Error = residual, 0
			return true, nil
		}
		slope := dense.Dot(at.grad, d)
		if !(slope < 0) {
			if fresh {
				return false, nil
			}
			b, fresh = quadratic.Identity(n, 1), true
			continue
		}
		cuts, evals := r.domain.cuts, r.evals
		next, err := r.search(ctx, at, d, slope)
		if err != nil {
			return false, err
		}
		if next == nil && r.domain.cuts > cuts {
			continue // another direction, within what is known of the decisions with answers
		}
		if next == nil || at.value-next.value <= 1e-14*math.Max(1, math.Abs(at.value)) && dense.MaxAbs(d) > 1e-3 {
			if next != nil {
				r.best = next
			}
			if fresh {
				return false, nil
			}
			b, fresh = quadratic.Identity(n, 1), true
			continue
		}
		if short++; r.evals-evals <= manyTrials {
			short = 0
		}
		r.best = next
		if short >= shortSteps {
			return false, nil
		}
		fresh = !update(b, at, next, fresh) && fresh
		if next.objective < -1e15 {
			return false, nil
		}
	}
	return false, nil
}

// projected is the step -g projected on X - x, whose length is the residual of stationarity.
func (r *run) projected(ctx context.Context, at *sample) []float64 {
	out := make([]float64, len(at.x))
	for j := range out {
		out[j] = at.x[j] - at.grad[j]
	}
	to := r.set.Project(ctx, r.opt.Smooth, out)
	for j := range out {
		if out[j] = math.Inf(1); to != nil {
			out[j] = to[j] - at.x[j]
		}
	}
	return out
}

// search shortens a step until the objective falls enough; nil where it does not.
func (r *run) search(ctx context.Context, at *sample, d []float64, slope float64) (*sample, error) {
	t := 1.0
	for range halvings {
		x := r.along(at.x, d, t)
		s, err := r.at(ctx, x)
		if err != nil {
			return nil, err
		}
		if s == nil && r.learn(ctx, x) {
			return nil, nil
		}
		if s != nil && s.value <= at.value+armijo*t*slope {
			return s, nil
		}
		shorter := 0.5
		if s != nil { // the minimum of the parabola through what is known, within reason
			if curve := s.value - at.value - t*slope; curve > 0 {
				shorter = math.Min(math.Max(-0.5*t*slope/curve, 0.1), 0.5)
			}
		}
		if t *= shorter; t*dense.MaxAbs(d) < 1e-13*(1+dense.MaxAbs(at.x)) {
			break
		}
	}
	return nil, nil
}

// update is that of BFGS, with the scale of the first step, and reports whether it was made: not where the curvature is negative, as at kinks.
func update(b *dense.Matrix, from, to *sample, fresh bool) bool {
	n := len(from.x)
	s, y := make([]float64, n), make([]float64, n)
	for j := range s {
		s[j], y[j] = to.x[j]-from.x[j], to.grad[j]-from.grad[j]
	}
	sy := dense.Dot(s, y)
	if sy <= 1e-10*dense.Norm(s)*dense.Norm(y) || sy == 0 {
		return false
	}
	if fresh {
		scale := dense.Dot(y, y) / sy
		for i := range n {
			for j := range n {
				b.Set(i, j, 0)
			}
			b.Set(i, i, math.Min(math.Max(scale, 1e-6), 1e8))
		}
	}
	bs := make([]float64, n)
	b.Multiply(s, bs)
	sbs := dense.Dot(s, bs)
	for i := range n {
		for j := range n {
			b.Add(i, j, y[i]*y[j]/sy-bs[i]*bs[j]/sbs)
		}
	}
	return true
}

// tell reports progress.
func (r *run) tell(phase string, residual float64) {
	if r.opt.Progress != nil && !r.opt.Progress(Event{Phase: phase, Iteration: r.result.Iterations, Objective: r.best.objective, Violation: r.best.worst, Residual: residual, Evaluation: r.evals}) {
		r.ended = true
	}
}
