package learning

import "math"

// dcaProgram is the convex program of one step of the difference-of-convex method, over x = (R, wbar, w^1, b^1, ..., w^T, b^T), of which wbar may be left out:
//
//	min  Σ_i c_i ζ_i + ½ρ |x - x_k|² + β s
//	s.t. ζ_i >= 1 - a_i'x, ζ_i >= 0                        the hinges of validation
//	     ξ_j >= 1 - a_j'x, ξ_j >= 0                        those of training
//	     Σ_j p_j ξ_j + l'x <= d + s,  s >= 0               the followers' loss against its linearised least value
//	     ½|w^t|² <= R,  |w^t| <= wbar,  lo <= wbar <= hi,
//
// a primal-dual path is followed from an interior point. The Newton systems are reduced to x, where they are an arrow: blocks of single folds, bordered by
// R and wbar, and one term of rank one for the row that couples all folds.
type dcaProgram struct {
	ended    func() bool // whether to leave off; nil: never
	n, folds int         // features, T
	boxed    bool        // with wbar
	hinges   []dcaHinge
	prox     float64   // ρ
	penalty  float64   // β
	l        []float64 // over (R, wbar)
	d        float64
	lo, hi   float64 // of wbar
}

// dcaHinge is a hinge with a = y (x, -1) on the block of a fold; in training its weight is p, in validation c.
type dcaHinge struct {
	fold   int
	a      []float64
	train  bool
	weight float64
}

func (p *dcaProgram) border() int {
	if p.boxed {
		return 1 + p.n
	}
	return 1
}

// block is where the numbers of a fold begin.
func (p *dcaProgram) block(t int) int { return p.border() + t*(p.n+1) }

// dcaState is a point on the path: x, the slack variables z of all hinges, s, and the multipliers of all constraints, with the slacks of the constraints.
type dcaState struct {
	x, z               []float64
	s                  float64
	on, off            []float64 // multipliers of z_j >= 1 - a_j'x and z_j >= 0
	gap                []float64 // slacks of the former
	nu, sigma, row     float64   // multipliers of the row and of s >= 0; the slack of the row
	ball, cone         []float64 // multipliers and slacks of ½|w^t|² <= R
	up, down           []float64 // multipliers of w <= wbar and -w <= wbar, T n of each
	roomUp, roomDown   []float64
	least, most        []float64 // multipliers of wbar >= lo and wbar <= hi
	overLeast, toMost  []float64
	dx, dz, dOn, dOff  []float64
	dBall, dUp, dDown  []float64
	dLeast, dMost      []float64
	ds, dNu, dSigma    float64
	theta, pull, force []float64
}

// clearOf is a slack, of which rounding may have left nothing.
func clearOf(v float64) float64 {
	if v > -1e-12 && v < 1e-13 {
		return 1e-13
	}
	return v
}

// slacks computes those of all constraints; it reports whether all are positive.
func (p *dcaProgram) slacks(q *dcaState) bool {
	ok := q.s > 0
	row := p.d + q.s
	for j, h := range p.hinges {
		at := p.block(h.fold)
		q.gap[j] = clearOf(dot(h.a, q.x[at:at+p.n+1]) + q.z[j] - 1)
		ok = ok && q.gap[j] > 0 && q.z[j] > 0
		if h.train {
			row -= h.weight * q.z[j]
		}
	}
	row -= dot(p.l, q.x[:len(p.l)])
	q.row = clearOf(row)
	ok = ok && q.row > 0
	for t := range p.folds {
		w := q.x[p.block(t) : p.block(t)+p.n]
		q.cone[t] = clearOf(q.x[0] - dot(w, w)/2)
		ok = ok && q.cone[t] > 0
		if !p.boxed {
			continue
		}
		for k, v := range w {
			q.roomUp[t*p.n+k], q.roomDown[t*p.n+k] = clearOf(q.x[1+k]-v), clearOf(q.x[1+k]+v)
			ok = ok && q.roomUp[t*p.n+k] > 0 && q.roomDown[t*p.n+k] > 0
		}
	}
	if p.boxed {
		for k := range p.n {
			q.overLeast[k], q.toMost[k] = clearOf(q.x[1+k]-p.lo), clearOf(p.hi-q.x[1+k])
			ok = ok && q.overLeast[k] > 0 && q.toMost[k] > 0
		}
	}
	return ok
}

// start is an interior point near x.
func (p *dcaProgram) start(x []float64) *dcaState {
	m, tn := len(p.hinges), 0
	if p.boxed {
		tn = p.folds * p.n
	}
	vec := func(n int) []float64 { return make([]float64, n) }
	q := &dcaState{x: append([]float64(nil), x...), z: vec(m), on: vec(m), off: vec(m), gap: vec(m), ball: vec(p.folds), cone: vec(p.folds), up: vec(tn), down: vec(tn),
		roomUp: vec(tn), roomDown: vec(tn), least: vec(p.border() - 1), most: vec(p.border() - 1), overLeast: vec(p.border() - 1), toMost: vec(p.border() - 1),
		dx: vec(len(x)), dz: vec(m), dOn: vec(m), dOff: vec(m), dBall: vec(p.folds), dUp: vec(tn), dDown: vec(tn), dLeast: vec(p.border() - 1), dMost: vec(p.border() - 1),
		theta: vec(m), pull: vec(m), force: vec(m)}
	if p.boxed {
		span := p.hi - p.lo
		for k := range p.n {
			q.x[1+k] = math.Min(math.Max(q.x[1+k]+0.05*span, p.lo+0.05*span), p.hi-0.05*span)
		}
	}
	for t := range p.folds {
		at := p.block(t)
		if p.boxed {
			for k := range p.n {
				most := 0.9 * q.x[1+k]
				q.x[at+k] = math.Min(math.Max(q.x[at+k], -most), most)
			}
		}
		w := q.x[at : at+p.n]
		q.x[0] = math.Max(q.x[0], dot(w, w)/2+0.1*(1+dot(w, w)))
	}
	// The path starts where the products of hinges are about the mean weight.
	mu := 0.0
	for j, h := range p.hinges {
		at := p.block(h.fold)
		v := dot(h.a, q.x[at:at+p.n+1])
		q.z[j] = math.Max(0, 1-v) + 1
		weight := h.weight
		if h.train {
			weight *= p.penalty / 2
		}
		q.on[j], q.off[j] = weight/2, weight/2
		mu += weight / 2 / float64(m)
	}
	q.s = 1
	p.slacks(q)
	if q.row < 1 {
		q.s += 1 - q.row
	}
	p.slacks(q)
	q.nu, q.sigma = p.penalty/2, p.penalty/2
	for t := range q.ball {
		q.ball[t] = mu / q.cone[t]
	}
	for i := range q.up {
		q.up[i], q.down[i] = mu/q.roomUp[i], mu/q.roomDown[i]
	}
	for k := range q.least {
		q.least[k], q.most[k] = mu/q.overLeast[k], mu/q.toMost[k]
	}
	return q
}

// products is the mean of slack times multiplier.
func (p *dcaProgram) products(q *dcaState) float64 {
	s := q.row*q.nu + q.s*q.sigma + dot(q.gap, q.on) + dot(q.z, q.off) + dot(q.cone, q.ball) +
		dot(q.roomUp, q.up) + dot(q.roomDown, q.down) + dot(q.overLeast, q.least) + dot(q.toMost, q.most)
	return s / float64(2+2*len(q.z)+len(q.cone)+2*len(q.up)+2*len(q.least))
}

// objective is that of the program at a point.
func (p *dcaProgram) objective(q *dcaState, centre []float64) float64 {
	f := p.penalty * q.s
	for j, h := range p.hinges {
		if !h.train {
			f += h.weight * q.z[j]
		}
	}
	for i, v := range q.x {
		f += p.prox / 2 * (v - centre[i]) * (v - centre[i])
	}
	return f
}

// solve returns the answer and the multiplier of the row; centre is x_k. It reports whether the path ended at one.
func (p *dcaProgram) solve(centre []float64) (q *dcaState, ok bool) {
	q = p.start(centre)
	shrink, least, stalled := 0.2, math.Inf(1), 0
	floor := 1e-11 * (1 + p.penalty) // of the products: below it rounding decides
	for range 150 {
		if p.ended != nil && p.ended() {
			return q, false
		}
		mu := p.products(q)
		err := p.direction(q, centre, math.Max(shrink*mu, floor))
		if mu <= 5*floor && err <= 1e-8*(1+p.penalty) {
			return q, true
		}
		// Rounding ends the progress where a step hardly changes R and wbar.
		if stalled++; mu < least/2 {
			least, stalled = mu, 0
		}
		if stalled > 8 && mu <= 1e4*floor && err <= 1e-6*(1+p.penalty) {
			return q, true
		}
		t := p.longest(q)
		if !(t > 1e-12) {
			return q, mu <= 1e4*floor && err <= 1e-6*(1+p.penalty)
		}
		p.move(q, t)
		for !p.slacks(q) && t > 1e-14 {
			p.move(q, -t/2) // ½|w|² <= R is curved
			t /= 2
		}
		switch {
		case t > 0.9:
			shrink = 0.05
		case t > 0.5:
			shrink = 0.2
		default:
			shrink = 0.5
		}
	}
	return q, false
}
