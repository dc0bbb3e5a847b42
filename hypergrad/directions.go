package hypergrad

import "math"

// directions stores the three directions of single-loop methods on batches bf of f and bl of F:
//
//	dy = ∇y f,   dv = Hv - ∇y F,   dx = ∇x F - C'v.
func (r *sampledRun) directions(bf, bl []int, x, y, v, dy, dv, dx []float64) {
	r.o.jointBatch(bf, x, y, v, dy, dv, r.cv)
	r.o.leaderBatch(bl, x, y, dx, r.gy)
	add(dv, -1, r.gy)
	add(dx, -1, r.cv)
}

// followerSteps makes the given number of gradient steps on y, each on a batch of its own. A problem that is Ahead hears of the batch of the step after, or of what the method draws then.
func (r *sampledRun) followerSteps(steps int, d []float64) {
	for range steps {
		_, batch := r.followerBatch()
		if r.o.ahead != nil {
			after := r.random
			r.o.ahead.Ahead(r.blocks[0][after.block(r.blocks[0])], nil)
		}
		r.o.followerBatch(batch, r.x, r.y, nil, d)
		r.moveY(d, batch)
	}
}

// neumannDraw is what a sampled Neumann estimate drew, so that it can be computed again at another point, until the next one is drawn.
type neumannDraw struct {
	terms   int // products before the last
	all     bool
	batches [][]int
}

// draw draws a Neumann estimate: with all, the truncated sum of q terms, otherwise one random term J < q of it times q.
func (r *sampledRun) draw(q int, all bool) neumannDraw {
	d := neumannDraw{terms: q - 1, all: all, batches: r.products[:0]}
	if !all {
		d.terms = r.random.below(q)
	}
	for range d.terms {
		_, b := r.followerBatch()
		d.batches = append(d.batches, b)
	}
	r.products = d.batches
	return d
}

// neumann stores v ≈ H⁻¹b at (x, y) from a draw:
//
//	all: v = η Σ_{j<q} Π_{i<j} (I - ηH_i) b;   otherwise v = qη Π_{i<J} (I - ηH_i) b, of the same mean.
func (r *sampledRun) neumann(d neumannDraw, q int, x, y, b, v, work []float64) {
	eta := r.neumannStep()
	copy(v, b)
	r.power = append(r.power[:0], b...)
	p := r.power
	for k, batch := range d.batches {
		if r.o.ahead != nil && k+1 < len(d.batches) {
			r.o.ahead.Ahead(d.batches[k+1], nil)
		}
		r.o.hessianBatch(batch, x, y, p, work)
		add(p, -eta, work)
		if d.all {
			add(v, 1, p)
		}
	}
	if !d.all {
		copy(v, p)
		eta *= float64(q)
	}
	for j := range v {
		v[j] *= eta
	}
}

// neumannStep is η of a Neumann series: the adjoint's step, by rule or found.
func (r *sampledRun) neumannStep() float64 {
	switch rule := r.opt.VSteps.(type) {
	case Constant, Schedule:
		return rule.size(r.k, nil) * r.guard.shrink
	}
	return r.guard.av
}

// series is how many terms a Neumann series, or steps a first-order stand-in for one, has at iteration k: a fixed number leaves a bias of the order (1 - ημ)^terms that no number of iterations
// takes away, where μ is the follower's smallest eigenvalue; the papers ask for κ ln(1/ε) terms, and ε falls with a power of k. A given number stays.
func (r *sampledRun) series(terms int) int {
	if terms > 0 {
		return terms
	}
	return int(10 * math.Log(float64(r.k)+math.E))
}

// hypergradient stores ∇x F - C'v on batches bf and bl at (x, y), with v by a Neumann estimate.
func (r *sampledRun) hypergradient(d neumannDraw, q int, bf, bl []int, x, y, v, dx, work []float64) {
	r.o.leaderBatch(bl, x, y, dx, r.gy)
	r.neumann(d, q, x, y, r.gy, v, work)
	r.o.mixedBatch(bf, x, y, v, r.cv)
	add(dx, -1, r.cv)
}

// orDefault is n, or its default where it is zero.
func orDefault(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}

// momentum is the weight of the new direction in recursive momentum: first times a power of how far the leader's steps have fallen by their schedule, or by the
// method's own where there is none. Papers tie it to the steps so: to the first power where the variance is to fall as the step, to the second in STORM.
func (r *sampledRun) momentum(first, power float64) float64 {
	_, _, e := r.opt.Method.exponents()
	fallen := scheduled(r.k, e)
	if s, ok := r.opt.XSteps.(Schedule); ok {
		fallen = s.size(r.k, nil) / s.First
	}
	return min(1, first*math.Pow(fallen, power))
}
