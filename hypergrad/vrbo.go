package hypergrad

import "slices"

// VRBO corrects the directions of both levels by differences on small batches (SPIDER), with large batches once a period, and makes Inner
// steps on y, each with a correction, for one on x.
//
// Theory: constant steps; with Large ~ 1/ε and batches and periods ~ ε^{-1/2}, ε^{-3/2} samples; whole sums in place of large batches make it a method of
// finite sums. Source: Yang, Ji and Liang (2021).
type VRBO struct {
	Inner  int // default 3
	Terms  int // of the Neumann series; default 10 ln(k + e)
	Period int // iterations between large batches; default the number of batches of f over Inner+Terms (10 where Terms is not given)
	// Large is the number of samples of each level in the batches that begin a period, drawn with replacement by whole batches; default: all samples, once each.
	Large int
}

// Name is "vrbo".
func (VRBO) Name() string                 { return "vrbo" }
func (VRBO) exponents() (y, v, x float64) { return 0, 0, 0 }

func (s VRBO) start(r *sampledRun) (func(), error) {
	if s.Large < 0 {
		return nil, badOption("vrbo with %d samples in its large batches; give none or a positive number", s.Large)
	}
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
			if s.Large > 0 {
				r.largeDirections(s.Large, r.series(s.Terms), dy, dx, work)
			} else {
				r.wholeDirections(r.series(s.Terms), dy, dx, v, work)
			}
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

// wholeDirections stores ∇y f and the hypergradient of whole sums, with a Neumann series of q terms.
func (r *sampledRun) wholeDirections(q int, dy, dx, p, work []float64) {
	r.o.Follower(r.x, r.y, nil, dy)
	r.o.Leader(r.x, r.y, dx, r.gy)
	copy(r.v, r.gy)
	copy(p, r.gy)
	eta := r.neumannStep()
	for range q - 1 {
		r.o.Hessian(r.x, r.y, p, work)
		add(p, -eta, work)
		add(r.v, 1, p)
	}
	for j := range r.v {
		r.v[j] *= eta
	}
	r.o.Mixed(r.x, r.y, r.v, r.cv)
	add(dx, -1, r.cv)
}

// largeDirections stores ∇y f and the hypergradient of large batches, the same one of f in each product of a Neumann series of q terms.
func (r *sampledRun) largeDirections(samples, q int, dy, dx, work []float64) {
	draw := func(next func() (int, []int)) []int {
		var all []int
		for len(all) < samples {
			_, b := next()
			all = append(all, b...)
		}
		return all
	}
	bf, bl := draw(r.followerBatch), draw(r.leaderBatch)
	r.o.followerBatch(bf, r.x, r.y, nil, dy)
	d := neumannDraw{terms: q - 1, all: true, batches: slices.Repeat([][]int{bf}, q-1)}
	r.hypergradient(d, q, bf, bl, r.x, r.y, r.v, dx, work)
}
