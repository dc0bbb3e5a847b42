package firstorder

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/quadratic"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// descent takes projected gradient steps on some variables with a step length that is found by backtracking and kept from call to call.
type descent struct {
	r     *run
	own   []int
	set   *quadratic.Set
	step  float64
	value func(z []float64) float64
	grad  func(z []float64) []float64
}

// steps takes up to n steps from z, in place, and returns the length of the last projected gradient.
func (d *descent) steps(ctx context.Context, z []float64, n int) float64 {
	if d.step == 0 {
		d.step = 1
	}
	residual := math.Inf(1)
	at, g := d.value(z), d.grad(z)
	for range n {
		var trial []float64
		accepted, before := false, d.step
		for range 50 {
			trial = append(trial[:0], z...)
			for _, j := range d.own {
				trial[j] -= d.step * g[j]
			}
			if !d.r.project(ctx, trial, d.own, d.set) {
				return residual
			}
			square := 0.0
			for _, j := range d.own {
				square += (trial[j] - z[j]) * (trial[j] - z[j])
			}
			residual = math.Sqrt(square) / d.step
			// The curvature along the step is taken from gradients: near a minimum differences of values are rounding.
			v, bend := d.value(trial), 0.0
			next := d.grad(trial)
			for _, j := range d.own {
				bend += (next[j] - g[j]) * (trial[j] - z[j])
			}
			if bend <= 0.95*square/d.step && v <= at+1e-12*math.Max(1, math.Abs(at)) {
				copy(z, trial)
				at, g, accepted = v, next, true
				break
			}
			d.step *= 0.5
		}
		d.r.result.InnerSteps++
		if !accepted { // rounding: the length says nothing about the next call
			d.step = before
			return residual
		}
		if residual <= 1e-12 {
			return residual
		}
		d.step *= 1.5
	}
	return residual
}

// follower is the descent on f(x, .), penalised that on F(x, .) + λ f(x, .).
func (r *run) follower() *descent {
	return &descent{r: r, own: r.p.Own, set: r.y, value: r.p.Inner.Objective, grad: func(z []float64) []float64 { return r.gradient(z, false) }}
}

func (r *run) penalised(lambda *float64) *descent {
	return &descent{r: r, own: r.p.Own, set: r.y,
		value: func(z []float64) float64 { return r.p.Outer.Objective(z) + *lambda*r.p.Inner.Objective(z) },
		grad: func(z []float64) []float64 {
			g := r.gradient(z, true)
			for j, v := range r.gradient(z, false) {
				g[j] += *lambda * v
			}
			return g
		}}
}

// curvature bounds the eigenvalues of the second derivatives of the objective of a program by the sums of their rows.
func curvature(p *smooth.Compiled, z []float64) float64 {
	rows, cols := p.HessianPattern()
	vals := make([]float64, len(rows))
	p.Hessian(z, 1, make([]float64, p.NumRows()), vals)
	sums := make([]float64, len(z))
	for k, i := range rows {
		v := math.Abs(vals[k])
		sums[i] += v
		if i != cols[k] {
			sums[cols[k]] += v
		}
	}
	if l := dense.MaxAbs(sums); l > 0 && !math.IsInf(l, 0) && !math.IsNaN(l) {
		return l
	}
	return 0
}

// overwrite stores the followers' entries of from in to.
func (r *run) overwrite(to, from []float64) {
	for _, j := range r.p.Own {
		to[j] = from[j]
	}
}
