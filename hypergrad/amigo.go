package hypergrad

// AmIGO makes Inner steps on y and Inner on the adjoint, v -= α(H_j v - ∇y F), both from where they were, and then moves x.
//
// Theory: constant steps, ε⁻² samples; deterministic, ε⁻¹. Source: Arbel and Mairal (2022).
type AmIGO struct {
	Inner int // default 10
}

// Name is "amigo".
func (AmIGO) Name() string                 { return "amigo" }
func (AmIGO) exponents() (y, v, x float64) { return 0, 0, 0 }

func (a AmIGO) start(r *sampledRun) (func(), error) {
	inner := orDefault(a.Inner, 10)
	dy, dv, dx := make([]float64, r.o.m), make([]float64, r.o.m), make([]float64, r.o.n)
	return func() {
		r.followerSteps(inner, dy)
		_, bl := r.leaderBatch()
		r.o.leaderBatch(bl, r.x, r.y, dx, r.gy)
		for range inner {
			_, bf := r.followerBatch()
			r.o.hessianBatch(bf, r.x, r.y, r.v, dv)
			add(dv, -1, r.gy)
			r.moveV(dv)
		}
		_, bf := r.followerBatch()
		r.o.mixedBatch(bf, r.x, r.y, r.v, r.cv)
		add(dx, -1, r.cv)
		r.moveX(dx)
	}, nil
}
