package hypergrad

import "math"

// BSA makes Inner steps on y, estimates the adjoint by one random term of the Neumann series of Terms terms, and then moves x:
//
//	v = Qη Π_{j<J} (I - ηH_j) ∇y F,  J uniform in 0..Q-1.
//
// Theory: steps k^{-1/2} with √k inner steps, ε⁻³ samples; with h strongly convex steps k^{-1} with k inner steps, ε⁻². Source: Ghadimi and Wang (2018).
type BSA struct {
	Inner int // default 10
	// Growth makes the inner steps ⌈Inner (k+1)^Growth⌉; the theory's is 1/2, and 1, the largest, with h strongly convex. Default 0.
	Growth float64
	Terms  int // default 10 ln(k + e)
}

// Name is "bsa".
func (BSA) Name() string                 { return "bsa" }
func (BSA) exponents() (y, v, x float64) { return 0.5, 0, 0.5 }

func (b BSA) start(r *sampledRun) (func(), error) {
	if b.Growth > 1 {
		return nil, badOption("bsa with inner steps growing with exponent %v; give one from 0 to 1", b.Growth)
	}
	inner := orDefault(b.Inner, 10)
	return nested(r, func() int {
		return int(math.Ceil(float64(inner) * scheduled(r.k, -b.Growth)))
	}, b.Terms, false), nil
}

// nested is the iteration of methods with inner follower steps and a sampled Neumann estimate.
func nested(r *sampledRun, inner func() int, terms int, all bool) func() {
	dy, work, dx := make([]float64, r.o.m), make([]float64, r.o.m), make([]float64, r.o.n)
	return func() {
		r.followerSteps(inner(), dy)
		_, bf := r.followerBatch()
		_, bl := r.leaderBatch()
		q := r.series(terms)
		r.hypergradient(r.draw(q, all), q, bf, bl, r.x, r.y, r.v, dx, work)
		r.moveX(dx)
	}
}

// steps is a number of inner steps that does not change.
func steps(n, def int) func() int {
	n = orDefault(n, def)
	return func() int { return n }
}
