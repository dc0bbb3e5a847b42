package hypergrad

import "github.com/gobilevel/bilevel/hypergrad/matrix"

// STABLE tracks the matrices themselves, H of m × m and C of m × n, by recursive momentum, and solves with them; the follower's step foresees
// the leader's move:
//
//	M ← (1-τ_k)(M - M_B(z_{k-1})) + M_B(z_k),   y -= β∇y f + H⁻¹C(x_{k+1} - x_k).
//
// It is for small followers: an iteration costs 2m Hessian and 2m mixed products.
// Theory: steps k^{-1/2}, ε⁻² samples; with h strongly convex steps k^{-1}, ε⁻¹ samples. Source: Chen, Sun, Xiao and Yin (2022).
type STABLE struct {
	Momentum float64 // τ_k = Momentum α_k/α_0 with α_k the leader's steps; default 1: 1/√(k+1) with the steps of the theory
	Limit    int     // largest m; default 200
}

// Name is "stable".
func (STABLE) Name() string                 { return "stable" }
func (STABLE) exponents() (y, v, x float64) { return 0.5, 0, 0.5 }

func (s STABLE) start(r *sampledRun) (func(), error) {
	n, m := r.o.n, r.o.m
	if limit := orDefault(s.Limit, 200); m > limit {
		return nil, badOption("stable keeps m × m matrices, and m = %d is above its limit %d; take soba or saba", m, limit)
	}
	momentum := s.Momentum
	if momentum == 0 {
		momentum = 1
	}
	if !(momentum > 0) {
		return nil, badOption("stable with momentum %v; give a positive number", s.Momentum)
	}
	h, c := r.vector("h", m*m), r.vector("c", m*n)
	py, px := r.vector("y", m), r.vector("x", n)
	unit, row, mixed := make([]float64, m), make([]float64, m), make([]float64, n)
	dy, dx, move := make([]float64, m), make([]float64, n), make([]float64, m)
	restart := r.number("restart", 1)
	// shift adds factor times the sampled matrices at (x, y) to h and c.
	shift := func(batch []int, x, y []float64, factor float64) {
		for i := range m {
			unit[i] = 1
			r.o.hessianBatch(batch, x, y, unit, row)
			r.o.mixedBatch(batch, x, y, unit, mixed)
			unit[i] = 0
			add(h[i*m:(i+1)*m], factor, row)
			add(c[i*n:(i+1)*n], factor, mixed)
		}
	}
	var factor matrix.Cholesky
	return func() {
		_, bf := r.followerBatch()
		_, bl := r.leaderBatch()
		keep := 1 - r.momentum(momentum, 1)
		if *restart != 0 {
			*restart, keep = 0, 0
		}
		for i := range h {
			h[i] *= keep
		}
		for i := range c {
			c[i] *= keep
		}
		if keep > 0 {
			shift(bf, px, py, -keep)
		}
		shift(bf, r.x, r.y, 1)
		copy(px, r.x)
		copy(py, r.y)

		r.o.leaderBatch(bl, r.x, r.y, dx, r.v)
		// A tracked matrix that is not positive definite is shifted until it is.
		l := 0.5 / r.guard.ay
		for damp := 0.0; !factor.Factor(m, h, damp); damp = max(2*damp, 1e-6*l) {
			if damp > 1e6*l {
				r.failure = &OracleError{Oracle: "Hessian", Iteration: r.k, Err: ErrCurvature}
				return
			}
		}
		factor.Solve(r.v)
		for i, v := range r.v {
			add(dx, -v, c[i*n:(i+1)*n])
		}
		r.o.followerBatch(bf, r.x, r.y, nil, dy)
		r.moveX(dx)
		for i := range move {
			move[i] = 0
			for j := range px {
				move[i] += c[i*n+j] * (r.x[j] - px[j])
			}
		}
		factor.Solve(move)
		r.moveY(dy, bf)
		add(r.y, -1, move)
	}, nil
}
