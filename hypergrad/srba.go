package hypergrad

// SRBA takes the directions of SOBA by the recursion of SARAH: whole sums once a period, and between them
//
//	D_k = D_{k-1} + D_B(z_k) - D_B(z_{k-1}),   z = (y, v, x),
//
// on the same batch B at both points.
// Theory: constant steps, (N+M)^{1/2} ε⁻¹ samples, which no method can better in its class. Source: Dagréou, Moreau, Vaiter and Ablin (2023).
type SRBA struct {
	Period int // iterations between whole sums; default the number of batches of both levels
}

// Name is "srba".
func (SRBA) Name() string                 { return "srba" }
func (SRBA) exponents() (y, v, x float64) { return 0, 0, 0 }

// stepShare is less than that of methods whose steps fall: what is known of a term is old, and its error grows with the step.
func (SRBA) stepShare() float64 { return 0.15 }

func (s SRBA) start(r *sampledRun) (func(), error) {
	n, m := r.o.n, r.o.m
	period := orDefault(s.Period, len(r.blocks[0])+len(r.blocks[1]))
	dy, dv, dx := r.vector("dy", m), r.vector("dv", m), r.vector("dx", n)
	py, pv, px := r.vector("y", m), r.vector("v", m), r.vector("x", n) // the point before
	ay, av, ax := make([]float64, m), make([]float64, m), make([]float64, n)
	by, bv, bx := make([]float64, m), make([]float64, m), make([]float64, n)
	since := r.number("restart", 1) // 1 + iterations until whole sums are due; see guard.restart
	return func() {
		var batch []int
		if *since <= 1 {
			*since = float64(period) + 1
			r.o.Follower(r.x, r.y, nil, dy)
			r.o.Hessian(r.x, r.y, r.v, dv)
			r.o.Leader(r.x, r.y, dx, r.gy)
			r.o.Mixed(r.x, r.y, r.v, r.cv)
			add(dv, -1, r.gy)
			add(dx, -1, r.cv)
			_, batch = r.followerBatch()
		} else {
			i, j := r.pair()
			batch = r.blocks[0][i]
			bl := r.blocks[1][j]
			r.directions(batch, bl, r.x, r.y, r.v, ay, av, ax)
			r.directions(batch, bl, px, py, pv, by, bv, bx)
			for _, d := range []struct{ d, new, old []float64 }{{dy, ay, by}, {dv, av, bv}, {dx, ax, bx}} {
				for j := range d.d {
					d.d[j] += d.new[j] - d.old[j]
				}
			}
		}
		*since--
		copy(py, r.y)
		copy(pv, r.v)
		copy(px, r.x)
		r.moveY(dy, batch)
		r.moveV(dv)
		r.moveX(dx)
	}, nil
}
