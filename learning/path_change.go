package learning

import (
	"math"
	"slices"
)

// change carries out an event and updates sets and inverse.
func (p *tracer) change(e *event) bool {
	switch {
	case e.weight >= 0:
		if e.to == above && !p.hold(e.weight) {
			return false
		}
		p.weight[e.weight] = e.to
		if e.to == above {
			p.v[e.weight] = p.sign[e.weight] * p.box[e.weight]
		}
		return p.reweigh(e.weight, e.to)
	case e.end >= 0:
		p.ends[e.end] = e.hinge
		return true
	case e.meet:
		for _, j := range p.ends {
			if !p.enter(j) {
				return false
			}
		}
		return true
	case e.to == corner:
		return p.enter(e.hinge)
	}
	return p.leave(e.hinge, e.to)
}

// loosen takes the only hinge from its corner: its multiplier is 0 or C, as the others sum up to a multiple of C, and b has an interval.
func (p *tracer) loosen() {
	last, to := p.corners[0], below
	if p.alpha[last] > p.c/2 {
		to = above
	}
	p.corners, p.inv = p.corners[:0], p.inv[:0]
	p.settle(last, to)
}

// enter puts a hinge to its corner.
func (p *tracer) enter(j int) bool {
	if p.hinge[j] == above {
		for k, v := range p.a[j] {
			p.u[k] -= v
		}
		p.alpha[j] = p.c
	} else {
		p.alpha[j] = 0
	}
	from := p.hinge[j]
	p.hinge[j], p.gap[j] = corner, 0
	if p.grow(j) {
		return true
	}
	// The hinge depends on those at their corners: v stays, and its multiplier moves with theirs until one is at a bound.
	rate := append([]float64(nil), p.work[len(p.corners)+2:2*len(p.corners)+2]...)
	for q := range rate {
		rate[q] = -rate[q]
	}
	own := 1.0
	if from == above {
		own = -1
		for q := range rate {
			rate[q] = -rate[q]
		}
	}
	step, at, to := p.c, -1, below
	for q, i := range p.corners {
		if s, side := p.room(i, rate[q]); s < step {
			step, at, to = s, q, side
		}
	}
	s, k := p.release(step, j, func(k int) float64 {
		d := own * p.a[j][k]
		for q, i := range p.corners {
			d += rate[q] * p.a[i][k]
		}
		return d
	})
	for q, i := range p.corners {
		p.alpha[i] += s * rate[q]
	}
	p.alpha[j] += s * own
	switch {
	case k >= 0:
		p.weight[k] = below
		p.corners = append(p.corners, j)
		return p.refresh()
	case at < 0:
		side := above
		if from == above {
			side = below
		}
		p.settle(j, side)
		return true
	}
	i := p.corners[at]
	return p.leave(i, to) && p.grow(j)
}

// release is how far multipliers can move, at most step, before that of a box vanishes, and its weight, -1 for none; rate is that of Σ α_j a_jk,
// in which the hinge that is entering, if one is, counts among the corners.
func (p *tracer) release(step float64, entering int, rate func(k int) float64) (float64, int) {
	at := -1
	for _, k := range p.boxed {
		if p.box[k] == 0 && (p.dbox == nil || p.dbox[k] == 0) {
			continue
		}
		d := p.sign[k] * rate(k)
		if d >= -1e-12 {
			continue
		}
		g := p.c*p.u[k] - p.v[k]
		for _, j := range p.corners {
			g += p.alpha[j] * p.a[j][k]
		}
		if entering >= 0 {
			g += p.alpha[entering] * p.a[entering][k]
		}
		if s := math.Max(-p.sign[k]*g/d, 0); s < step {
			step, at = s, k
		}
	}
	return step, at
}

// room is how far the multiplier of a hinge at its corner can move at a rate, and the side it gets to.
func (p *tracer) room(j int, rate float64) (float64, side) {
	switch {
	case rate < -1e-12:
		return math.Max(-p.alpha[j]/rate, 0), below
	case rate > 1e-12:
		return math.Max((p.c-p.alpha[j])/rate, 0), above
	}
	return math.Inf(1), below
}

// hold prepares for a weight that reaches its box: where the hinges at their corners depend on each other without it, their multipliers move, with
// that of the box, until one is at a bound and leaves.
func (p *tracer) hold(k int) bool {
	size := len(p.corners) + 1
	if size == 1 {
		return true
	}
	col := p.scratch(size)
	for q, j := range p.corners {
		col[q+1] = p.a[j][k]
	}
	x := make([]float64, size)
	rest := 1.0
	for q := range x {
		x[q] = dot(p.inv[q*size:(q+1)*size], col)
		rest -= x[q] * col[q]
	}
	if rest > 1e-9 {
		return true
	}
	step, at, to := math.Inf(1), -1, below
	for q, i := range p.corners {
		if s, side := p.room(i, p.sign[k]*x[q+1]); s < step {
			step, at, to = s, q, side
		}
	}
	s, out := p.release(step, -1, func(i int) float64 {
		d := 0.0
		for q, j := range p.corners {
			d += p.sign[k] * x[q+1] * p.a[j][i]
		}
		return d
	})
	if math.IsInf(s, 1) {
		return false
	}
	for q, i := range p.corners {
		p.alpha[i] += s * p.sign[k] * x[q+1]
	}
	if out >= 0 {
		p.weight[out] = below
		return true
	}
	p.settle(p.corners[at], to)
	p.corners = slices.Delete(p.corners, at, at+1)
	return true
}

// leave takes a hinge from its corner.
func (p *tracer) leave(j int, to side) bool {
	p.settle(j, to)
	return p.shrink(j)
}

// settle puts a hinge below or above its corner, without its multiplier in the inverse.
func (p *tracer) settle(j int, to side) {
	p.hinge[j], p.gap[j], p.alpha[j] = to, 0, 0
	if to == above {
		p.alpha[j] = p.c
		for k, v := range p.a[j] {
			p.u[k] += v
		}
	}
}
