package bilevelglobal

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// contract narrows a box in place; it reports whether anything is left.
func (s *search) contract(b *box, cuts []*cut) bool {
	p := s.p
	s.sides = append(s.sides[:0], p.rows...)
	if t := s.target(); !math.IsInf(t, 1) {
		s.sides = append(s.sides, side{p.cost, expr.Interval{Lo: math.Inf(-1), Hi: t + p.off}})
	}
	for k, z := range b.zero {
		if z > 0 {
			s.sides = append(s.sides, side{p.pairs[k][z-1], expr.Interval{Lo: -loose(0), Hi: loose(0)}})
		}
	}
	for _, c := range cuts {
		s.sides = append(s.sides, side{c.f.cost, expr.Interval{Lo: math.Inf(-1), Hi: c.highest + loose(c.highest)}})
	}
	for range 8 {
		before := s.measure(b.in)
		if !p.g.revise(b.in, s.vals, s.sides) || !s.roundIn(b.in) {
			return false
		}
		p.g.forward(b.in, s.vals)
		decided := false
		for k, pr := range p.pairs {
			if b.zero[k] > 0 {
				continue
			}
			first, second := s.vals[pr[0]].Lo > 2*exactness, s.vals[pr[1]].Lo > 2*exactness
			switch {
			case first && second:
				return false
			case first:
				b.zero[k] = 2
			case second:
				b.zero[k] = 1
			default:
				continue
			}
			decided = true
			s.sides = append(s.sides, side{pr[b.zero[k]-1], expr.Interval{Lo: -loose(0), Hi: loose(0)}})
		}
		if after := s.measure(b.in); !decided && !(after < 0.95*before) {
			break
		}
	}
	// The intervals of the nodes, cut by the sides, are those of the relaxation.
	for _, d := range s.sides {
		if !meet(&s.vals[d.node], d.in) {
			return false
		}
	}
	return true
}

// measure is the size of a box relative to the first one, for comparison with itself.
func (s *search) measure(in []expr.Interval) float64 {
	t := 0.0
	for j, v := range in {
		t += math.Min((math.Min(v.Hi, 1e50)-math.Max(v.Lo, -1e50))/s.widths[j], 1e50)
	}
	return t
}

// roundIn brings the ends of integer variables to integers; it reports whether anything is left.
func (s *search) roundIn(in []expr.Interval) bool {
	for j, w := range s.p.whole {
		if w {
			in[j].Lo, in[j].Hi = math.Ceil(in[j].Lo-1e-6), math.Floor(in[j].Hi+1e-6)
			if in[j].IsEmpty() {
				return false
			}
		}
	}
	return true
}

// relaxation is the linear program of a box with its cuts.
func (s *search) relaxation(b *box, cuts []*cut, hint []float64) *relaxation {
	p := s.p
	r := p.g.relax(s.vals, hint, p.cost)
	for k, pr := range p.pairs {
		if b.zero[k] > 0 {
			continue
		}
		x, y := s.vals[pr[0]].Hi, s.vals[pr[1]].Hi
		if x > 0 && y > 0 && !math.IsInf(x, 1) && !math.IsInf(y, 1) {
			// x y = 0 over [0, X] x [0, Y]
			r.put(pr[0], y)
			r.put(pr[1], x)
			r.end(math.Inf(-1), x*y*(1+exactness)+exactness)
		}
	}
	for _, c := range cuts {
		if math.IsInf(c.value, 0) {
			continue
		}
		rhs := c.value
		r.put(c.f.cost, 1)
		for o, i := range c.f.others {
			r.put(p.g.vars[i], -c.slope[o])
			rhs -= c.slope[o] * c.at[o]
		}
		r.end(math.Inf(-1), rhs+loose(rhs))
	}
	return r
}
