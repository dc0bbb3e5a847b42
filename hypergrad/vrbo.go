package hypergrad

// VRBO corrects the directions of both levels by differences on small batches (SPIDER), with whole sums once a period, and makes Inner
// steps on y, each with a correction, for one on x.
//
// Theory: constant steps, ε^{-3/2} samples. Source: Yang, Ji and Liang (2021).
type VRBO struct {
	Inner  int // default 3
	Terms  int // of the Neumann series; default 10 ln(k + e)
	Period int // iterations between whole sums; default the number of batches of f over Inner+Terms (10 where Terms is not given)
}

// Name is "vrbo".
func (VRBO) Name() string                 { return "vrbo" }
func (VRBO) exponents() (y, v, x float64) { return 0, 0, 0 }

func (s VRBO) start(r *sampledRun) (func(), error) {
	n, m := r.o.n, r.o.m
	inner := orDefault(s.Inner, 3)
	period := orDefault(s.Period, max(2, len(r.blocks[0])/(inner+orDefault(s.Terms, 10))))
	dy, dx, py, px := r.vector("dy", m), r.vector("dx", n), r.vector("y", m), r.vector("x", n)
	ay, by, ax, bx := make([]float64, m), make([]float64, m), make([]float64, n), make([]float64, n)
	v, work := make([]float64, m), make([]float64, m)
	since := r.number("restart", 1)
	correct := func() {
		_, b := r.followerBatch()
		_, bf := r.followerBatch()
		_, bl := r.leaderBatch()
		q := r.series(s.Terms)
		d := r.draw(q, true)
		r.o.followerBatch(b, px, py, nil, by)
		r.hypergradient(d, q, bf, bl, px, py, v, bx, work)
		r.o.followerBatch(b, r.x, r.y, nil, ay)
		r.hypergradient(d, q, bf, bl, r.x, r.y, r.v, ax, work)
		for j := range dy {
			dy[j] += ay[j] - by[j]
		}
		for j := range dx {
			dx[j] += ax[j] - bx[j]
		}
	}
	return func() {
		if *since <= 1 {
			*since = float64(period) + 1
			r.o.Follower(r.x, r.y, nil, dy)
			r.o.Leader(r.x, r.y, dx, r.gy)
			// The series of whole sums.
			copy(r.v, r.gy)
			copy(v, r.gy)
			eta := r.neumannStep()
			for range r.series(s.Terms) - 1 {
				r.o.Hessian(r.x, r.y, v, work)
				add(v, -eta, work)
				add(r.v, 1, v)
			}
			for j := range r.v {
				r.v[j] *= eta
			}
			r.o.Mixed(r.x, r.y, r.v, r.cv)
			add(dx, -1, r.cv)
		} else {
			correct()
		}
		*since--
		copy(px, r.x)
		copy(py, r.y)
		r.moveX(dx)
		for range inner {
			correct()
			copy(px, r.x)
			copy(py, r.y)
			_, b := r.followerBatch()
			r.moveY(dy, b)
		}
	}, nil
}
