package hypergrad

import (
	"context"
	"math"
	"slices"
)

// descend stores y - η∇y f(x, y) in next.
func (e *Evaluator) descend(x, y []float64, eta float64, next []float64) {
	e.o.Follower(x, y, nil, e.g)
	for j := range next {
		next[j] = y[j] - eta*e.g[j]
	}
}

// unrolledStep is η for the unrolled engines, from the Hessian at the start of the steps.
func (e *Evaluator) unrolledStep(x []float64) float64 {
	return e.eta(func(v, out []float64) { e.o.Hessian(x, e.y, v, out) })
}

// reverse runs T gradient steps and goes back over them:
//
//	l = ∇y F(x, y_T), ∇ = ∇x F;  t = T-1, ..., 0:  ∇ -= ηC(x, y_t)'l,  l -= ηH(x, y_t) l.
//
// The points y_t that the way back needs are kept in segments: the first point of each, and all points of the one that is being gone
// over, which is computed again.
func (e *Evaluator) reverse(ctx context.Context, x []float64, ev *Evaluation) error {
	steps, back := e.opt.Steps, e.opt.Steps
	if e.opt.Terms > 0 {
		back = min(back, e.opt.Terms)
	}
	eta := e.unrolledStep(x)
	// k first points and a segment of ⌈back/k⌉ points are kept.
	segment := int(math.Ceil(math.Sqrt(float64(back))))
	if e.opt.Memory > 0 {
		for segment = 1; segment < back && (back+segment-1)/segment+segment > e.opt.Memory; segment++ {
		}
	}
	var first [][]float64
	next := make([]float64, e.o.m)
	for t := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if k := t - (steps - back); k >= 0 && k%segment == 0 {
			first = append(first, slices.Clone(e.y))
		}
		e.descend(x, e.y, eta, next)
		e.y, next = next, e.y
	}
	ev.Residual = norm(e.g)
	if math.IsNaN(ev.Residual) || math.IsInf(ev.Residual, 0) {
		return &OracleError{Oracle: "Follower", Iteration: steps, Err: ErrNotNumber}
	}
	ev.Value = e.o.Leader(x, e.y, ev.Gradient, e.gy)
	l, hl := e.gy, make([]float64, e.o.m)
	points := make([][]float64, segment)
	for i := range points {
		points[i] = make([]float64, e.o.m)
	}
	for s := len(first) - 1; s >= 0; s-- {
		length := min(segment, back-s*segment)
		copy(points[0], first[s])
		for t := 1; t < length; t++ {
			e.descend(x, points[t-1], eta, points[t])
		}
		for t := length - 1; t >= 0; t-- {
			e.o.Mixed(x, points[t], l, e.cv)
			add(ev.Gradient, -eta, e.cv)
			e.o.Hessian(x, points[t], l, hl)
			add(l, -eta, hl)
		}
	}
	return nil
}

// forward carries Z = ∂y_t/∂x through the steps, Z ← (I - ηH)Z - ηC, column by column; ∇ = ∇x F + Z'∇y F.
func (e *Evaluator) forward(ctx context.Context, x []float64, ev *Evaluation) error {
	n, m := e.o.n, e.o.m
	eta := e.unrolledStep(x)
	z := make([][]float64, n)
	for j := range z {
		z[j] = make([]float64, m)
	}
	unit, cu, hz, next := make([]float64, n), make([]float64, m), make([]float64, m), make([]float64, m)
	for range e.opt.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		for j := range z {
			unit[j] = 1
			e.mixedForward(x, e.y, unit, cu)
			unit[j] = 0
			e.o.Hessian(x, e.y, z[j], hz)
			add(z[j], -eta, hz)
			add(z[j], -eta, cu)
		}
		e.descend(x, e.y, eta, next)
		e.y, next = next, e.y
	}
	ev.Residual = norm(e.g)
	if math.IsNaN(ev.Residual) || math.IsInf(ev.Residual, 0) {
		return &OracleError{Oracle: "Follower", Iteration: e.opt.Steps, Err: ErrNotNumber}
	}
	ev.Value = e.o.Leader(x, e.y, ev.Gradient, e.gy)
	for j := range z {
		ev.Gradient[j] += dot(z[j], e.gy)
	}
	return nil
}

// mixedForward stores C u.
func (e *Evaluator) mixedForward(x, y, u, cu []float64) {
	if f, ok := e.o.Problem.(ForwardMixed); ok {
		e.o.tally.Calls.Mixed++
		e.o.tally.Terms.Mixed += e.o.nf
		f.MixedForward(x, y, u, cu)
		return
	}
	d := 1e-5 * (1 + norm(x)) / norm(u)
	point, minus := slices.Clone(x), make([]float64, len(cu))
	add(point, d, u)
	e.o.Follower(point, y, nil, cu)
	add(point, -2*d, u)
	e.o.Follower(point, y, nil, minus)
	for j := range cu {
		cu[j] = (cu[j] - minus[j]) / (2 * d)
	}
}
