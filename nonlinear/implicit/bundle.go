package implicit

import (
	"context"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// The parameters of the bundle: the part of the predicted decrease that a serious step has to reach, the curvature by which linearisation errors
// are made positive, and the bounds of the weight of the proximal term.
const (
	serious      = 0.1
	downshift    = 1e-6
	leastWeight  = 1e-8
	mostWeight   = 1e10
	bundleFactor = 2  // elements beside the decision's dimension
	patience     = 40 // steps in a row without progress, besides three for each variable
)

// bundle goes on from the best sample, and reports whether the aggregate says that it is stationary.
func (r *run) bundle(ctx context.Context) (bool, error) {
	n := len(r.best.x)
	most := bundleFactor*n + 10
	elements := r.nearby(most)
	mu := math.Max(1, dense.Norm(r.best.grad)) * 0.1
	nulls := 0
	for r.budget > 0 && !r.ended {
		r.budget--
		r.result.Iterations++
		center := r.best
		errs := linearisation(center, elements)
		q := r.set.Shifted(center.x, 1)
		for j := range n {
			q.H.Set(j, j, mu)
		}
		q.G[n] = 1
		first := q.NumRows()
		for i, e := range elements {
			q.AddRow(append(append([]float64(nil), e.grad...), -1), math.Inf(-1), errs[i])
		}
		a := r.step(ctx, q)
		if a == nil {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if mu >= mostWeight || len(elements) == 1 {
				return false, nil
			}
			elements, mu = []*sample{center}, mu*10
			continue
		}
		d, predicted := a.X[:n], a.X[n]
		weights := make([]float64, len(elements))
		aggregate := 0.0
		for i := range elements {
			weights[i] = math.Max(a.Rows[first+i], 0)
			aggregate += weights[i] * errs[i]
		}
		residual := mu * dense.MaxAbs(d)
		r.tell("bundle", residual)
		r.result.Residual, r.result.Error = residual, aggregate
		tol := r.opt.tolerance() * r.size
		if residual <= tol && aggregate <= tol {
			return true, nil
		}
		scale := math.Max(1, math.Abs(center.value))
		if aggregate <= tol && mu*dense.Dot(d, d) <= 1e-16*scale && mu > leastWeight { // the weight alone keeps the step short
			mu = math.Max(mu*0.01, leastWeight)
			continue
		}
		if predicted >= -1e-15*scale {
			return false, nil
		}
		x := r.along(center.x, d, 1)
		trial, err := r.at(ctx, x)
		if err != nil {
			return false, err
		}
		if trial == nil && r.learn(ctx, x) {
			continue
		}
		if trial == nil { // no answer there: shorter steps
			if mu *= 4; mu > mostWeight {
				return false, nil
			}
			if nulls++; nulls > patience+3*n {
				return false, nil
			}
			continue
		}
		if trial.value <= center.value+serious*predicted {
			r.result.SeriousSteps++
			nulls = 0
			r.best = trial
			if trial.value <= center.value+0.5*predicted {
				mu = math.Max(mu*0.3, leastWeight)
			}
			if trial.objective < -1e15 {
				return false, nil
			}
		} else {
			r.result.NullSteps++
			if nulls++; nulls > patience+3*n {
				return false, nil
			}
			if nulls%5 == 0 || trial.value > center.value-10*predicted {
				mu = math.Min(mu*2, mostWeight)
			}
		}
		elements = kept(elements, weights, trial, center, most)
	}
	return false, nil
}

// linearisation are the errors of the linearisations at the center, made non-negative.
func linearisation(center *sample, elements []*sample) []float64 {
	out := make([]float64, len(elements))
	for i, e := range elements {
		dot, square := 0.0, 0.0
		for j := range e.x {
			step := center.x[j] - e.x[j]
			dot += e.grad[j] * step
			square += step * step
		}
		out[i] = math.Max(math.Abs(center.value-e.value-dot), downshift*square)
		if e == center {
			out[i] = 0
		}
	}
	return out
}

// nearby are the samples next to the best one, at most so many, the best one first.
func (r *run) nearby(most int) []*sample {
	type near struct {
		s *sample
		d float64
	}
	var list []near
	for _, s := range r.memory {
		d := 0.0
		for j := range s.x {
			d = math.Max(d, math.Abs(s.x[j]-r.best.x[j])/(1+math.Abs(r.best.x[j])))
		}
		if s != r.best && d <= 1e-2 {
			list = append(list, near{s, d})
		}
	}
	sort.SliceStable(list, func(i, k int) bool { return list[i].d < list[k].d })
	out := []*sample{r.best}
	for _, l := range list {
		if len(out) < most {
			out = append(out, l.s)
		}
	}
	return out
}

// kept are the elements that the step used, with the trial and the center; the oldest go where there are too many.
func kept(elements []*sample, weights []float64, trial, center *sample, most int) []*sample {
	out := []*sample{trial}
	if center != trial {
		out = append(out, center)
	}
	for pass := range 2 {
		for i, e := range elements {
			if used := weights[i] > 1e-10; e != center && e != trial && used == (pass == 0) && len(out) < most {
				out = append(out, e)
			}
		}
	}
	return out
}
