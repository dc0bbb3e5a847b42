package firstorder

import (
	"context"
	"math"
)

// lambdaFactor is the growth of λ.
const lambdaFactor = 3

// penalty minimises F + λq for a growing λ.
func (r *run) penalty(ctx context.Context, w []float64) error {
	lambda := r.opt.Lambda
	inner, outer := r.follower(), r.penalised(&lambda)
	z := append([]float64(nil), w...)
	inner.steps(ctx, z, 20*r.opt.Inner)
	r.overwrite(w, z)
	step := 1.0
	for {
		inner.step, outer.step = 0, 0
		// merit is F + λq at a decision, with its own z and y, which it stores.
		merit := func(w, z []float64) float64 {
			copyLeader(r, z, w)
			inner.steps(ctx, z, 4*r.opt.Inner)
			outer.steps(ctx, w, 4*r.opt.Inner)
			return r.p.Outer.Objective(w) + lambda*(r.p.Inner.Objective(w)-r.p.Inner.Objective(z))
		}
		at := merit(w, z)
		still := 0
		for {
			if r.result.Iterations++; r.result.Iterations > r.opt.MaxIterations {
				_, err := r.exact(ctx, w)
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			g := r.penaltyGradient(w, z, lambda)
			residual, ok := r.projectedGradient(ctx, w, g)
			if !ok {
				return r.unprojected(ctx)
			}
			accepted, stationary := false, residual <= r.opt.Tolerance*r.size
			for range 40 {
				if stationary {
					break // the decision that passed the test is the one that is answered
				}
				w1, z1 := append([]float64(nil), w...), append([]float64(nil), z...)
				for _, j := range r.p.LeaderOwn {
					w1[j] -= step * g[j]
				}
				if !r.project(ctx, w1, r.p.LeaderOwn, r.x) {
					return r.unprojected(ctx)
				}
				square := 0.0
				for _, j := range r.p.LeaderOwn {
					square += (w1[j] - w[j]) * (w1[j] - w[j])
				}
				if square == 0 {
					break
				}
				if v := merit(w1, z1); v <= at-0.1*square/step+1e-14*math.Abs(at) {
					if at-v <= 1e-13*math.Max(1, math.Abs(at)) {
						still++
					} else {
						still = 0
					}
					copy(w, w1)
					copy(z, z1)
					at, accepted = v, true
					step *= 2
					break
				}
				step *= 0.5
			}
			gap := r.p.Inner.Objective(w) - r.p.Inner.Objective(z)
			if !r.tell(Event{Objective: r.p.Outer.Objective(w), Gap: gap, Residual: residual / r.size, Lambda: lambda, Merit: at}) {
				_, err := r.exact(ctx, w)
				return err
			}
			if at < -1e15 || !accepted {
				break
			}
			if still >= 10 { // of the decision that the last step led to, nothing was measured yet
				if residual, ok = r.projectedGradient(ctx, w, r.penaltyGradient(w, z, lambda)); !ok {
					return r.unprojected(ctx)
				}
				r.result.Residual = residual / r.size
				break
			}
		}
		a, err := r.exact(ctx, w)
		if err != nil || a == nil || at < -1e15 {
			return err
		}
		r.result.Gap = r.p.Inner.Objective(w) - a.Value
		done := r.result.Gap <= r.opt.Gap*math.Max(1, math.Abs(a.Value)) && r.result.Residual <= 10*r.opt.Tolerance
		if done {
			r.settle(a)
		}
		if done || lambda >= r.opt.MaxLambda {
			return nil
		}
		lambda = math.Min(lambda*lambdaFactor, r.opt.MaxLambda)
		step = 1
	}
}

// penaltyGradient is that of F + λ(f(x, y) - f(x, z)) by the decision.
func (r *run) penaltyGradient(w, z []float64, lambda float64) []float64 {
	g := r.gradient(w, true)
	fy, fz := r.gradient(w, false), r.gradient(z, false)
	for _, j := range r.p.LeaderOwn {
		g[j] += lambda * (fy[j] - fz[j])
	}
	return g
}

func copyLeader(r *run, to, from []float64) {
	for _, j := range r.p.LeaderOwn {
		to[j] = from[j]
	}
}

// projectedGradient is the length of the step -g on the decision, projected on its set.
func (r *run) projectedGradient(ctx context.Context, w, g []float64) (length float64, ok bool) {
	to := append([]float64(nil), w...)
	for _, j := range r.p.LeaderOwn {
		to[j] -= g[j]
	}
	if !r.project(ctx, to, r.p.LeaderOwn, r.x) {
		return math.Inf(1), false
	}
	for _, j := range r.p.LeaderOwn {
		length = math.Hypot(length, to[j]-w[j])
	}
	return length, true
}
