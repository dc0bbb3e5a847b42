package learning

import (
	"context"
	"errors"
	"math"
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
		if count%64 == 0 {
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

// move goes along the direction.
func (p *tracer) move(step float64) {
	for k, d := range p.dv {
		p.v[k] += step * d
	}
	p.c += step * p.dc
	for q, j := range p.corners {
		p.alpha[j] += step * p.da[q]
	}
	addTimes(p.gap, step, p.dgap)
	if !p.still {
		addTimes(p.r, step, p.dr)
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
		p.slopes()
		p.interval()
		addTimes(p.dgap, -p.dv[n], p.columns.col[n])
		return true
	}
	size := len(p.corners) + 1
	rhs := p.scratch(size)
	for _, k := range p.free {
		p.dv[k] = p.dc * p.u[k]
	}
	rhs[0] = -p.dc * p.u[n]
	for q, j := range p.corners {
		rhs[q+1] = p.dr[j] - dot(p.a[j][:n], p.dv)
	}
	p.dv[n] = dot(p.inv[:size], rhs)
	for q, j := range p.corners {
		d := dot(p.inv[(q+1)*size:(q+2)*size], rhs)
		p.da = append(p.da, d)
		p.turn(d, p.a[j])
	}
	p.slopes()
	if !p.balanced() {
		if !p.refine() {
			return false
		}
		p.slopes()
	}
	for _, j := range p.corners {
		p.dgap[j] = 0
	}
	return true
}

// slopes stores the rates dr_j - a_j'dv of the gaps.
func (p *tracer) slopes() {
	if p.still {
		clear(p.dgap)
	} else {
		copy(p.dgap, p.dr)
	}
	p.columns.add(p.dv, -1, p.dgap)
}

// turn adds d times a hinge to the rates of the weights within their boxes.
func (p *tracer) turn(d float64, a []float64) {
	if len(p.free) == p.n {
		addTimes(p.dv[:p.n], d, a)
		return
	}
	for _, k := range p.free {
		p.dv[k] += d * a[k]
	}
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
		// Gaps that come to zero within the step so far are few: the others need no quotient.
		hinge, dgap := p.hinge[:len(p.gap)], p.dgap[:len(p.gap)]
		for j, g := range p.gap {
			// With g and d taken as for a hinge without loss; at a corner both are zero.
			s := inner[hinge[j]&3]
			if d := s * dgap[j]; -s*g < e.step*d && d > 0 && take(-g/dgap[j]) {
				e.hinge, e.to = j, corner
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
