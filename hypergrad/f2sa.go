package hypergrad

import "math"

// F2SA is fully first-order: with a penalty λ that grows it follows the minimisers z of f and y of F + λf, and moves x along
//
//	D_x = ∇x F(x, y) + λ(∇x f(x, y) - ∇x f(x, z)),
//
// whose distance to ∇h is O(1/λ). No second derivative is asked for.
//
// Theory: steps α_k ~ k^{-5/7} of x and of y, whose effect on the follower is λα_k, γ_k ~ k^{-4/7} of z, λ = γ_k/2α_k ~ k^{1/7}; ε^{-7/2} samples. Without noise
// α_k ~ k^{-1/3}, γ constant, λ ~ k^{1/3}; ε^{-3/2} calls. Source: Kwon, Kwon, Wright and Nowak (2023).
type F2SA struct {
	Inner  int     // steps of y and z; default 10
	Lambda float64 // first penalty; default 1
	Growth float64 // exponent of λ; default 1/7
}

// Name is "f2sa".
func (F2SA) Name() string                 { return "f2sa" }
func (F2SA) exponents() (y, v, x float64) { return 4. / 7, 0, 5. / 7 }

func (f F2SA) start(r *sampledRun) (func(), error) {
	growth := f.Growth
	if growth == 0 {
		growth = 1. / 7
	}
	return firstOrder(r, orDefault(f.Inner, 10), f.Lambda, growth)
}

// firstOrder is the iteration of penalty methods; r.y is z, the follower's own minimiser.
func firstOrder(r *sampledRun, inner int, lambda, growth float64) (func(), error) {
	if lambda == 0 {
		lambda = 1
	}
	if !(lambda > 0) || !(growth >= 0) {
		return nil, badOption("penalty %v growing with exponent %v; give a positive penalty that does not shrink", lambda, growth)
	}
	n, m := r.o.n, r.o.m
	y := r.vector("y", m)
	restart := r.number("restart", 1)
	dy, fy, dx, fx := make([]float64, m), make([]float64, m), make([]float64, n), make([]float64, n)
	return func() {
		if *restart != 0 {
			*restart = 0
			copy(y, r.y)
		}
		l := lambda * math.Pow(float64(r.k+1), growth)
		for range inner {
			_, batch := r.followerBatch()
			r.o.followerBatch(batch, r.x, r.y, nil, dy)
			r.moveY(dy, batch)
			_, batch = r.followerBatch()
			_, bl := r.leaderBatch()
			r.o.followerBatch(batch, r.x, y, nil, fy)
			r.o.leaderBatch(bl, r.x, y, nil, dy)
			// The step of F + λf is that of f over λ; the curvature of F is of the order of that of f.
			e, _, _ := r.opt.Method.exponents()
			t := r.guard.ay * scheduled(r.k, e) / (1 + l)
			if r.opt.YSteps != nil {
				t = r.memory.Y.Last / (1 + l)
			}
			add(y, -t, dy)
			add(y, -t*l, fy)
		}
		_, batch := r.followerBatch()
		_, bl := r.leaderBatch()
		r.o.leaderBatch(bl, r.x, y, dx, nil)
		r.o.followerBatch(batch, r.x, y, fx, nil)
		add(dx, l, fx)
		r.o.followerBatch(batch, r.x, r.y, fx, nil)
		add(dx, -l, fx)
		r.moveX(dx)
	}, nil
}
