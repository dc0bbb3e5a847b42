package hypergrad

// SUSTAIN puts momentum (STORM) on the directions of follower and leader, each sampled at the point before and the new one on the same batches,
// with a random term of the Neumann series as adjoint:
//
//	D ← D_B(z_k) + (1-η_k)(D - D_B(z_{k-1})),  η_k = Momentum (α_k/α_0)²,
//
// where α_k are the leader's steps.
//
// Theory: steps k^{-1/3}, ε^{-3/2} samples. Source: Khanduri, Zeng, Hong, Wai, Wang and Yang (2021).
type SUSTAIN struct {
	Momentum float64 // default 1: (k+1)^{-2/3} with the steps of the theory
	Terms    int     // default 10 ln(k + e)
}

// Name is "sustain".
func (SUSTAIN) Name() string                 { return "sustain" }
func (SUSTAIN) exponents() (y, v, x float64) { return 1. / 3, 0, 1. / 3 }

func (s SUSTAIN) start(r *sampledRun) (func(), error) {
	return storm(r, s.Momentum, s.Terms, false)
}

// storm is the iteration of methods with momentum on both levels.
func storm(r *sampledRun, momentum float64, terms int, all bool) (func(), error) {
	if momentum == 0 {
		momentum = 1
	}
	if !(momentum > 0) {
		return nil, badOption("momentum %v; give a positive number", momentum)
	}
	n, m := r.o.n, r.o.m
	dy, dx, py, px := r.vector("dy", m), r.vector("dx", n), r.vector("y", m), r.vector("x", n)
	ay, by, ax, bx := make([]float64, m), make([]float64, m), make([]float64, n), make([]float64, n)
	v, work := make([]float64, m), make([]float64, m)
	restart := r.number("restart", 1)
	return func() {
		_, inner := r.followerBatch()
		_, bf := r.followerBatch()
		_, bl := r.leaderBatch()
		q := r.series(terms)
		d := r.draw(q, all)
		keep := 1 - r.momentum(momentum, 2)
		if *restart != 0 {
			*restart, keep = 0, 0
		} else {
			r.o.followerBatch(inner, px, py, nil, by)
			r.hypergradient(d, q, bf, bl, px, py, v, bx, work)
		}
		r.o.followerBatch(inner, r.x, r.y, nil, ay)
		r.hypergradient(d, q, bf, bl, r.x, r.y, r.v, ax, work)
		for j := range dy {
			dy[j] = ay[j] + keep*(dy[j]-by[j])
		}
		for j := range dx {
			dx[j] = ax[j] + keep*(dx[j]-bx[j])
		}
		copy(py, r.y)
		copy(px, r.x)
		r.moveY(dy, inner)
		r.moveX(dx)
	}, nil
}
