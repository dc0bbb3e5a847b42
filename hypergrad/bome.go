package hypergrad

// BOME descends F while it keeps the follower's gap q(x, y) = f(x, y) - f(x, z) falling, z being Inner gradient steps from y that are taken for constant:
//
//	(x, y) -= t(∇F + λ∇q),   λ = max(0, (η‖∇q‖² - ∇F'∇q)/‖∇q‖²),
//	∇q = (∇x f(x, y) - ∇x f(x, z), ∇y f(x, y)).
//
// First derivatives alone are asked for. y moves with the leader's step or that of the follower's curvature over 1+λ, the shorter of the two; λ grows as the gap falls.
//
// With Inner steps of length α, y - z is short of y - y*(x) by the factor 1-(1-αμ)^Inner in the follower's flattest direction, and so is the adjoint that λ∇q stands
// for: a fixed number leaves a bias.
//
// Theory: deterministic. Source: Liu, Ye, Wright, Stone and Liu (2022).
type BOME struct {
	Inner int     // default 10 ln(k + e)
	Eta   float64 // default 0.5
}

// Name is "bome".
func (BOME) Name() string                 { return "bome" }
func (BOME) exponents() (y, v, x float64) { return 0, 0, 0 }

func (b BOME) start(r *sampledRun) (func(), error) {
	eta := b.Eta
	if eta == 0 {
		eta = 0.5
	}
	if !(eta > 0) {
		return nil, badOption("bome with η = %v; give a positive number", b.Eta)
	}
	n, m := r.o.n, r.o.m
	// The run's y is z, the follower's own answer: y stays off it by the penalty, which is no fault that a check should find.
	y, dz := r.vector("y", m), make([]float64, m)
	restart := r.number("restart", 1)
	gx, gy, qx, qy, fx := make([]float64, n), make([]float64, m), make([]float64, n), make([]float64, m), make([]float64, n)
	return func() {
		if *restart != 0 {
			*restart = 0
			copy(y, r.y)
		}
		z := r.y
		copy(z, y)
		for range r.series(b.Inner) {
			_, batch := r.followerBatch()
			r.o.followerBatch(batch, r.x, z, nil, dz)
			r.moveFollower(z, dz, batch)
		}
		_, bf := r.followerBatch()
		_, bl := r.leaderBatch()
		r.o.leaderBatch(bl, r.x, y, gx, gy)
		r.o.followerBatch(bf, r.x, y, qx, qy)
		r.o.followerBatch(bf, r.x, z, fx, nil)
		add(qx, -1, fx)
		size := dot(qx, qx) + dot(qy, qy)
		lambda := 0.0
		if size > 0 {
			lambda = max(0, eta-(dot(gx, qx)+dot(gy, qy))/size)
		}
		add(gx, lambda, qx)
		add(gy, lambda, qy)
		t := min(r.guard.ax, r.guard.ay/(1+lambda))
		if r.opt.XSteps != nil {
			t = min(r.opt.XSteps.size(r.k, &r.memory.X), r.guard.ay/(1+lambda))
		}
		add(y, -t, gy)
		r.moveX(gx)
	}, nil
}
