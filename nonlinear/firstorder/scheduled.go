package firstorder

import (
	"context"
	"math"
)

// exactEvery is the number of steps between exact answers.
const exactEvery = 25

// scheduled runs BOME and F2SA, whose steps are not searched for.
func (r *run) scheduled(ctx context.Context, w []float64) error {
	inner := r.follower()
	z := append([]float64(nil), w...)
	inner.steps(ctx, z, 20*r.opt.Inner)
	r.overwrite(w, z)
	var lf, lF float64
	for k := 1; k <= r.opt.MaxIterations; k++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.result.Iterations = k
		if k%exactEvery == 1 {
			lf, lF = curvature(r.p.Inner, w), curvature(r.p.Outer, w)
			if lf == 0 {
				lf = math.Max(1, lF)
			}
			if _, err := r.exact(ctx, w); err != nil {
				return err
			}
		}
		copyLeader(r, z, w)
		if r.opt.Method == BOME { // z sets out from y, and is a constant for the derivative
			r.overwrite(z, w)
		}
		inner.steps(ctx, z, r.opt.Inner)
		var lambda, residual float64
		var ok bool
		at := append([]float64(nil), w...) // the residual is one at this decision, which the step leaves
		if r.opt.Method == BOME {
			lambda, residual, ok = r.bomeStep(ctx, w, z, k, lf, lF)
		} else {
			lambda, residual, ok = r.f2saStep(ctx, w, z, k, lf, lF)
		}
		if !ok {
			return r.unprojected(ctx)
		}
		objective, gap := r.p.Outer.Objective(w), r.p.Inner.Objective(w)-r.p.Inner.Objective(z)
		if !r.tell(Event{Objective: objective, Gap: gap, Residual: residual / r.size, Lambda: lambda, Merit: objective + lambda*gap}) || objective < -1e15 {
			break
		}
		if residual <= r.opt.Tolerance*r.size && math.Abs(gap) <= r.opt.Tolerance*math.Max(1, math.Abs(objective)) {
			copyLeader(r, w, at)
			a, err := r.exact(ctx, w)
			if err != nil || a == nil {
				return err
			}
			r.settle(a)
			return nil
		}
	}
	_, err := r.exact(ctx, w)
	return err
}

// bomeStep is one step of BOME.
func (r *run) bomeStep(ctx context.Context, w, z []float64, k int, lf, lF float64) (lambda, residual float64, ok bool) {
	g, fy, fz := r.gradient(w, true), r.gradient(w, false), r.gradient(z, false)
	q := fy
	for _, j := range r.p.LeaderOwn {
		q[j] -= fz[j]
	}
	square, dot := 0.0, 0.0
	for j := range q {
		square += q[j] * q[j]
		dot += g[j] * q[j]
	}
	if square > 0 {
		lambda = math.Max(0, (r.opt.Eta*square-dot)/square)
	}
	step := r.opt.Step / ((lF + 2*lf) * math.Sqrt(1+float64(k)/50)) // λ|∇q| is at most |∇F| + η|∇q|
	next := append([]float64(nil), w...)
	for j := range next {
		next[j] -= step * (g[j] + lambda*q[j])
	}
	residual, ok = r.move(ctx, w, next, step)
	return lambda, residual, ok
}

// f2saStep is one step of F2SA: T steps on y, then one on x.
func (r *run) f2saStep(ctx context.Context, w, z []float64, k int, lf, lF float64) (lambda, residual float64, ok bool) {
	lambda = math.Max(r.opt.Lambda, 2*lF/lf) * math.Cbrt(float64(k))
	gamma := 1 / lf
	alpha := r.opt.Step * gamma / (2 * lambda)
	for range r.opt.Inner {
		next := append([]float64(nil), w...)
		g, f := r.gradient(w, true), r.gradient(w, false)
		for _, j := range r.p.Own {
			next[j] -= alpha * (g[j] + lambda*f[j])
		}
		r.result.InnerSteps++
		if !r.project(ctx, next, r.p.Own, r.y) {
			return lambda, math.Inf(1), false
		}
		copy(w, next)
	}
	g, fy, fz := r.gradient(w, true), r.gradient(w, false), r.gradient(z, false)
	next := append([]float64(nil), w...)
	xi := math.Min(lambda, 2*lambda*lf/(lF+2*lf)) // the step on x is then at most 1/(L_F + 2 L_f)
	for _, j := range r.p.LeaderOwn {
		next[j] -= xi * alpha * (g[j] + lambda*(fy[j]-fz[j]))
	}
	residual, ok = r.move(ctx, w, next, xi*alpha)
	return lambda, residual, ok
}

// move projects next on the sets of both, stores it in w, and returns the length of the projected gradient.
func (r *run) move(ctx context.Context, w, next []float64, step float64) (residual float64, ok bool) {
	if !r.project(ctx, next, r.p.LeaderOwn, r.x) || !r.project(ctx, next, r.p.Own, r.y) {
		return math.Inf(1), false
	}
	for j := range next {
		residual = math.Hypot(residual, next[j]-w[j])
	}
	copy(w, next)
	return residual / step, true
}
