package hypergrad

// BSA makes Inner steps on y, estimates the adjoint by one random term of the Neumann series of Terms terms, and then moves x:
//
//	v = Qη Π_{j<J} (I - ηH_j) ∇y F,  J uniform in 0..Q-1.
//
// Theory: steps k^{-1/2}, ε⁻³ samples. Source: Ghadimi and Wang (2018).
type BSA struct {
	Inner int // default 10
	Terms int // default 10
}

// Name is "bsa".
func (BSA) Name() string                 { return "bsa" }
func (BSA) exponents() (y, v, x float64) { return 0.5, 0, 0.5 }

func (b BSA) start(r *sampledRun) (func(), error) {
	return nested(r, orDefault(b.Inner, 10), orDefault(b.Terms, 10), false), nil
}

// nested is the iteration of methods with inner follower steps and a sampled Neumann estimate.
func nested(r *sampledRun, inner, terms int, all bool) func() {
	dy, work, dx := make([]float64, r.o.m), make([]float64, r.o.m), make([]float64, r.o.n)
	return func() {
		r.followerSteps(inner, dy)
		_, bf := r.followerBatch()
		_, bl := r.leaderBatch()
		r.hypergradient(r.draw(terms, all), terms, bf, bl, r.x, r.y, r.v, dx, work)
		r.moveX(dx)
	}
}
