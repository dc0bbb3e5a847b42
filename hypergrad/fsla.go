package hypergrad

// FSLA is a single loop as SOBA, with momentum (STORM) on the leader's direction alone:
//
//	D_x ← D_B(z_k) + (1-η_k)(D_x - D_B(z_{k-1})),  η_k = Momentum α_k/α_0,
//
// where α_k are the leader's steps.
//
// Theory: steps k^{-1/2}, ε⁻² samples. Source: Li, Gu and Huang (2022).
type FSLA struct {
	Momentum float64 // default 1: 1/√(k+1) with the steps of the theory
}

// Name is "fsla".
func (FSLA) Name() string                 { return "fsla" }
func (FSLA) exponents() (y, v, x float64) { return 0.5, 0.5, 0.5 }

func (f FSLA) start(r *sampledRun) (func(), error) {
	n, m := r.o.n, r.o.m
	momentum := f.Momentum
	if momentum == 0 {
		momentum = 1
	}
	if !(momentum > 0) {
		return nil, badOption("fsla with momentum %v; give a positive number", f.Momentum)
	}
	dx := r.vector("dx", n)
	py, pv, px := r.vector("y", m), r.vector("v", m), r.vector("x", n)
	dy, dv, now, before := make([]float64, m), make([]float64, m), make([]float64, n), make([]float64, n)
	restart := r.number("restart", 1)
	return func() {
		i, j := r.pair()
		bf, bl := r.blocks[0][i], r.blocks[1][j]
		if *restart == 0 {
			r.directions(bf, bl, px, py, pv, dy, dv, before)
		}
		r.directions(bf, bl, r.x, r.y, r.v, dy, dv, now)
		keep := 1 - r.momentum(momentum, 1)
		if *restart != 0 {
			*restart, keep = 0, 0
		}
		for j := range dx {
			dx[j] = now[j] + keep*(dx[j]-before[j])
		}
		copy(py, r.y)
		copy(pv, r.v)
		copy(px, r.x)
		r.moveY(dy, bf)
		r.moveV(dv)
		r.moveX(dx)
	}, nil
}
