package learning

import (
	"context"
	"errors"
	"math"
	"slices"
)

// errStuck tells of a place from which rounding leaves no way on.
var errStuck = errors.New("stuck")

// event is where a set changes first: the hinge or weight that changes, and to what.
type event struct {
	step   float64
	hinge  int // -1: none
	weight int // -1: none
	to     side
	end    int  // 0 or 1 where an end of b's interval passes to hinge, else -1
	meet   bool // where both ends of b's interval meet
}

// trace follows the answer from p.t to the end of the line.
func (p *tracer) trace(ctx context.Context, to float64, visit func(Piece) error) error {
	if !p.refresh() {
		return errStuck
	}
	still := 0
	for count := 0; ; count++ {
		if count%256 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if p.since++; p.since > 100 && !p.refresh() {
			return errStuck
		}
		if !p.direction() {
			return errStuck
		}
		e := p.first(to - p.t)
		if math.IsNaN(e.step) || !p.sound() {
			return errStuck
		}
		if e.step > 0 {
			next := p.t + e.step
			if e.step >= to-p.t {
				next = to
			}
			if next > p.t {
				piece := Piece{From: p.t, To: next, V: p.v, Rate: p.dv}
				if len(p.corners) == 0 {
					piece.Spread, piece.Widen = p.spread()
				}
				if err := visit(piece); err != nil {
					return err
				}
			}
			p.move(e.step)
			p.t = next
		}
		// Steps of no length in a row that outnumber hinges and weights repeat themselves.
		if still++; e.step > 1e-13*math.Abs(p.t) {
			still = 0
		}
		if still > 2*(p.m+p.n)+20 {
			return errStuck
		}
		if p.t >= to {
			return nil
		}
		if !p.change(&e) {
			return errStuck
		}
		if len(p.corners) == 1 {
			p.loosen()
		}
	}
}

// sound reports whether hinges, weights and multipliers are on the sides that the sets say, to 1e-8 of their sizes.
func (p *tracer) sound() bool {
	const tol = 1e-8
	size := 1.0
	for _, v := range p.v {
		size += math.Abs(v)
	}
	for j, g := range p.gap {
		switch p.hinge[j] {
		case below:
			if g > tol*size {
				return false
			}
		case above:
			if g < -tol*size {
				return false
			}
		case corner:
			if al := p.alpha[j]; al < -tol*p.c || al > (1+tol)*p.c {
				return false
			}
		}
	}
	for _, k := range p.free {
		if math.Abs(p.v[k]) > p.box[k]+tol*size {
			return false
		}
	}
	for _, k := range p.boxed {
		g, terms := p.c*p.u[k], p.c*math.Abs(p.u[k])
		for _, j := range p.corners {
			t := p.alpha[j] * p.a[j][k]
			g, terms = g+t, terms+math.Abs(t)
		}
		if p.box[k] > 0 && p.sign[k]*(g-p.v[k]) < -tol*(size+terms) {
			return false
		}
	}
	return true
}

// move goes along the direction.
func (p *tracer) move(step float64) {
	for k, d := range p.dv {
		p.v[k] += step * d
	}
	p.c += step * p.dc
	for q, j := range p.corners {
		p.alpha[j] += step * p.da[q]
	}
	for j, d := range p.dgap {
		p.gap[j] += step * d
	}
	for j, d := range p.dr {
		p.r[j] += step * d
	}
	for k, d := range p.dbox {
		p.box[k] += step * d
	}
}

// direction computes the rates of the answer.
func (p *tracer) direction() bool {
	n := p.n
	p.da = p.da[:0]
	clear(p.dv)
	for _, k := range p.boxed {
		if p.dbox != nil {
			p.dv[k] = p.sign[k] * p.dbox[k]
		}
	}
	if len(p.corners) == 0 {
		if p.u[n] != 0 {
			return false // no multiplier is left to balance the intercept
		}
		for _, k := range p.free {
			p.dv[k] = p.dc * p.u[k]
		}
		p.interval()
	} else {
		size := len(p.corners) + 1
		rhs := p.scratch(size)
		rhs[0] = -p.dc * p.u[n]
		for q, j := range p.corners {
			a, s := p.a[j], p.dr[j]
			if p.dc != 0 {
				for _, k := range p.free {
					s -= a[k] * p.dc * p.u[k]
				}
			}
			if p.dbox != nil {
				for _, k := range p.boxed {
					s -= a[k] * p.dv[k]
				}
			}
			rhs[q+1] = s
		}
		p.dv[n] = dot(p.inv[:size], rhs)
		for q := range p.corners {
			p.da = append(p.da, dot(p.inv[(q+1)*size:(q+2)*size], rhs))
		}
		for _, k := range p.free {
			p.dv[k] = p.dc * p.u[k]
		}
		for q, j := range p.corners {
			a, d := p.a[j], p.da[q]
			for _, k := range p.free {
				p.dv[k] += d * a[k]
			}
		}
	}
	if !p.refine() {
		return false
	}
	for j, a := range p.a {
		p.dgap[j] = p.dr[j] - dot(a, p.dv)
	}
	for _, j := range p.corners {
		p.dgap[j] = 0
	}
	return true
}

// refine corrects the rates for what the updated inverse has lost, until hinges stay at their corners and the multipliers in balance to 1e-11 of the
// terms; an inverse that has lost too much for that is computed again, once.
func (p *tracer) refine() bool {
	n, size := p.n, len(p.corners)+1
	if size == 1 {
		return true
	}
	rhs, mass := make([]float64, size), make([]float64, n+1)
	for try := range 6 {
		// The sizes of what the rates are sums of.
		for k := range n {
			mass[k] = math.Abs(p.dv[k])
		}
		for _, k := range p.free {
			mass[k] = math.Abs(p.dc * p.u[k])
			for q, j := range p.corners {
				mass[k] += math.Abs(p.da[q] * p.a[j][k])
			}
		}
		mass[n] = math.Abs(p.dv[n])
		rhs[0] = -p.dc * p.u[n]
		terms := math.Abs(rhs[0]) + math.Abs(p.dc)
		for q, j := range p.corners {
			t := p.da[q] * p.a[j][n]
			rhs[0], terms = rhs[0]-t, terms+math.Abs(t)
		}
		off := math.Abs(rhs[0]) / (1e-300 + terms)
		for q, j := range p.corners {
			r, t := p.dr[j], math.Abs(p.dr[j])
			for k, v := range p.a[j] {
				r, t = r-v*p.dv[k], t+math.Abs(v)*mass[k]
			}
			rhs[q+1] = r
			off = math.Max(off, math.Abs(r)/(1e-300+t))
		}
		if off <= 1e-11 {
			return true
		}
		if try == 3 && !p.rebuild() {
			return false
		}
		p.dv[n] += dot(p.inv[:size], rhs)
		for q, j := range p.corners {
			d := dot(p.inv[(q+1)*size:(q+2)*size], rhs)
			p.da[q] += d
			for _, k := range p.free {
				p.dv[k] += d * p.a[j][k]
			}
		}
	}
	return false
}

// first finds the first change of a set within the given length.
func (p *tracer) first(length float64) event {
	e := event{step: length, hinge: -1, weight: -1, end: -1}
	take := func(step float64) bool {
		if step = math.Max(step, 0); step < e.step || math.IsNaN(step) {
			e = event{step: step, hinge: -1, weight: -1, end: -1}
			return true
		}
		return false
	}
	for q, j := range p.corners {
		al, d := p.alpha[j], p.da[q]
		// Of two rates of one size the sign is rounding.
		tiny := 1e-14 * (math.Abs(d) + math.Abs(p.dc))
		if d < -tiny && take(-al/d) {
			e.hinge, e.to = j, below
		}
		if d-p.dc > tiny && take((p.c-al)/(d-p.dc)) {
			e.hinge, e.to = j, above
		}
	}
	if len(p.corners) > 0 {
		for j, d := range p.dgap {
			switch {
			case p.hinge[j] == below && d > 0 || p.hinge[j] == above && d < 0:
				if take(-p.gap[j] / d) {
					e.hinge, e.to = j, corner
				}
			}
		}
	} else {
		p.passing(take, &e)
	}
	for _, k := range p.free {
		if math.IsInf(p.box[k], 1) {
			continue
		}
		db := 0.0
		if p.dbox != nil {
			db = p.dbox[k]
		}
		for _, s := range [2]float64{1, -1} {
			if r := s*p.dv[k] - db; r > 0 && take((p.box[k]-s*p.v[k])/r) {
				e.weight, e.to = k, above
				p.sign[k] = s
			}
		}
	}
	for _, k := range p.boxed {
		if p.box[k] == 0 && (p.dbox == nil || p.dbox[k] == 0) {
			continue
		}
		g, d := p.c*p.u[k]-p.v[k], p.dc*p.u[k]-p.dv[k]
		for q, j := range p.corners {
			g += p.alpha[j] * p.a[j][k]
			d += p.da[q] * p.a[j][k]
		}
		if s := p.sign[k]; s*d < 0 && take(-g/d) {
			e.weight, e.to = k, below
		}
	}
	return e
}

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
		return p.refresh()
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
