package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// bounded returns a lower bound of the objective over the feasible points of a box better than the cutoff, and whether there may be any. It narrows the box.
func (s *search) bounded(box []expr.Interval, known float64) (bound float64, left bool) {
	f := s.p.functions[0]
	off := s.p.off[0]
	bound = known
	raise := func(v float64) bool {
		if v-off > bound {
			bound = v - off
		}
		return bound >= s.cutoff()
	}
	for range 2 {
		s.evaluate(box)
		if s.ranges[0].Value.IsEmpty() {
			return bound, false
		}
		if raise(s.ranges[0].Value.Lo) || len(s.p.twin) > 0 && raise(s.valueOver(box).Lo) {
			return bound, true
		}
		if !s.monotone(box) {
			break
		}
		if !s.narrow(box) {
			return bound, false
		}
	}
	if end, changed := f.Ends(box, s.ranges[0]); changed {
		// The gradient over the whole box serves its ends too.
		grad := s.ranges[0]
		if v := s.valueOver(end); !v.IsEmpty() && raise(v.Lo) || raise(f.MeanValue(end, middles(end), grad).Lo) {
			return bound, true
		}
	} else if raise(f.MeanValue(box, middles(box), s.ranges[0]).Lo) {
		return bound, true
	}
	for _, w := range s.near(box) {
		if raise(s.lower.bound(s, w, box)) {
			return bound, true
		}
	}
	v, left := s.linear(box)
	if !left || raise(v) {
		return bound, left
	}
	return bound, true
}

// evaluate encloses all functions and gradients over the box.
func (s *search) evaluate(box []expr.Interval) {
	for k, f := range s.p.functions {
		s.ranges[k] = f.Over(box)
	}
}

// valueOver encloses the objective over a box.
func (s *search) valueOver(box []expr.Interval) expr.Interval {
	s.p.prop.Evaluate(box)
	v := s.p.prop.Root(0)
	for _, t := range s.p.twin {
		if t.function == 0 {
			v = v.Intersect(s.p.prop.Root(t.root))
		}
	}
	return v
}

func middles(box []expr.Interval) []float64 {
	c := make([]float64, len(box))
	for j, b := range box {
		c[j] = b.Middle()
	}
	return c
}

// monotone sets each variable along which the objective does not rise and no constraint is lost to the end of the box in that direction; it reports
// whether any moved.
func (s *search) monotone(box []expr.Interval) bool {
	if !s.ranges[0].Continuous {
		return false
	}
	moved := false
	for j := range box {
		if box[j].Lo == box[j].Hi {
			continue
		}
		fall, rise := s.slope(0, j)
		down, up := fall, rise
		for k := 1; k < len(s.p.functions) && (down || up); k++ {
			if !occurs(s.p.functions[k], j) {
				continue
			}
			if !s.ranges[k].Continuous {
				down, up = false, false
				break
			}
			falls, rises := s.slope(k, j) // whether the function does not rise downwards, upwards
			side := s.p.sides[k]
			downOK, upOK := true, true
			if !math.IsInf(side.Hi, 1) {
				downOK, upOK = downOK && falls, upOK && rises
			}
			if !math.IsInf(side.Lo, -1) {
				downOK, upOK = downOK && rises, upOK && falls
			}
			down, up = down && downOK, up && upOK
		}
		switch {
		case down && !math.IsInf(box[j].Lo, 0):
			box[j].Hi = box[j].Lo
			moved = true
		case up && !math.IsInf(box[j].Hi, 0):
			box[j].Lo = box[j].Hi
			moved = true
		}
	}
	return moved
}

// slope reports whether function k does not rise when variable j falls, and when it rises.
func (s *search) slope(k, j int) (down, up bool) {
	for i, v := range s.p.functions[k].vars {
		if v == j {
			g := s.ranges[k].Gradient[i]
			return !g.IsEmpty() && g.Lo >= 0, !g.IsEmpty() && g.Hi <= 0
		}
	}
	return true, true
}

func occurs(f *Function, j int) bool {
	for _, v := range f.vars {
		if v == j {
			return true
		}
	}
	return false
}

// linear bounds the objective by a linear program over estimators of all functions, and narrows the box by its reduced costs.
func (s *search) linear(box []expr.Interval) (bound float64, left bool) {
	n := s.p.n
	lp := s.lp
	bound = math.Inf(-1)
	lp.clear()
	for variant := range 2 {
		if !s.relax.Over(box, variant) {
			return bound, true
		}
		if variant == 0 && !s.setBounds(box) {
			return bound, true
		}
		for k := range s.p.functions {
			s.addCuts(k, variant)
		}
	}
	ok := lp.solve()
	s.point = append(s.point[:0], lp.x[:n]...)
	for j := range s.point {
		s.point[j] += s.relax.mid[j]
	}
	if !ok {
		if lp.refuted(s.reduced) {
			return bound, false
		}
		return bound, true
	}
	bound = lp.bound(s.reduced)
	s.reduce(box, bound)
	return bound, true
}

// setBounds sets the variables z = x - mid and t, the objective; false where t has no finite bounds.
func (s *search) setBounds(box []expr.Interval) bool {
	n, lp := s.p.n, s.lp
	for j, b := range box {
		d := b.Sub(expr.Point(s.relax.mid[j]))
		lp.lo[j], lp.hi[j], lp.cost[j] = d.Lo, d.Hi, 0
	}
	v := s.relax.Root(0)
	if v.IsEmpty() {
		return false
	}
	lp.lo[n], lp.hi[n], lp.cost[n] = v.Lo, v.Hi, 1
	if c := s.cutoff() + s.p.off[0]; c < lp.hi[n] {
		lp.hi[n] = math.Max(c, lp.lo[n])
	}
	return !math.IsInf(lp.lo[n], 0) && !math.IsInf(lp.hi[n], 0)
}

// addCuts adds the rows of function k.
func (s *search) addCuts(k, variant int) {
	n, lp := s.p.n, s.lp
	if variant > 0 && s.p.functions[k].affine {
		return
	}
	side := s.p.sides[k]
	if k == 0 || !math.IsInf(side.Hi, 1) {
		if c, ok := s.relax.Below(k); ok { // c(x) <= function <= side, or t
			for j, a := range c.Coefs {
				s.row[j] = -a
			}
			if s.row[n] = 0; k == 0 {
				s.row[n] = 1
				lp.add(s.row, c.Constant)
			} else {
				lp.add(s.row, expr.Point(c.Constant).Sub(expr.Point(side.Hi)).Lo)
			}
		}
	}
	if k > 0 && !math.IsInf(side.Lo, -1) {
		if c, ok := s.relax.Above(k); ok {
			copy(s.row, c.Coefs)
			s.row[n] = 0
			lp.add(s.row, expr.Point(side.Lo).Sub(expr.Point(c.Constant)).Lo)
		}
	}
}

// reduce narrows the box by the reduced costs: a variable at its bound l with the reduced cost d > 0 can rise to l + (cutoff - bound)/d only.
func (s *search) reduce(box []expr.Interval, bound float64) {
	room := expr.Point(s.cutoff() + s.p.off[0]).Sub(expr.Point(bound))
	if !(room.Hi >= 0) || math.IsInf(room.Hi, 0) {
		return
	}
	for j, b := range box {
		d := s.reduced[j]
		switch {
		case d.Lo > 0:
			if hi := expr.Point(b.Lo).Add(room.Div(d)).Hi; hi < b.Hi {
				box[j].Hi = math.Max(hi, b.Lo)
			}
		case d.Hi < 0:
			if lo := expr.Point(b.Hi).Add(room.Div(d)).Lo; lo > b.Lo {
				box[j].Lo = math.Min(lo, b.Hi)
			}
		}
		if s.p.integer[j] {
			box[j].Lo, box[j].Hi = math.Ceil(box[j].Lo), math.Floor(box[j].Hi)
			if box[j].IsEmpty() {
				box[j] = b
			}
		}
	}
}
