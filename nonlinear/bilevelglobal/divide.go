package bilevelglobal

import (
	"math"
)

// smallest is the width, relative to the size of the ends, below which a range is not divided.
const smallest = 1e-7

// divide splits a box in two: along a pair whose members are both positive at the point of the relaxation, else along the variable that the
// differences between the relaxation and the functions at that point are owed to most.
func (s *search) divide(b *box, x, at []float64) []*box {
	if k := s.pairToDecide(b, x); k >= 0 {
		return []*box{s.child(b, func(c *box) { c.zero[k] = 1 }), s.child(b, func(c *box) { c.zero[k] = 2 })}
	}
	j := s.variableToDivide(b, x)
	if j >= 0 && isInfinite(b.in[j]) {
		if k := s.openPair(b); k >= 0 {
			return []*box{s.child(b, func(c *box) { c.zero[k] = 1 }), s.child(b, func(c *box) { c.zero[k] = 2 })}
		}
		if s.giveUp(b, j) {
			return nil
		}
	}
	if j < 0 {
		if k := s.openPair(b); k >= 0 {
			return []*box{s.child(b, func(c *box) { c.zero[k] = 1 }), s.child(b, func(c *box) { c.zero[k] = 2 })}
		}
		s.stats.Undecided++
		s.undecided = math.Min(s.undecided, b.bound)
		return nil
	}
	v := b.in[j]
	t := middle(v)
	if !isInfinite(v) {
		w := v.Width()
		t = math.Min(math.Max(0.6*t+0.4*at[j], v.Lo+0.2*w), v.Hi-0.2*w)
	}
	if s.p.whole[j] {
		t = math.Floor(math.Min(t, v.Hi-0.5))
		return []*box{s.child(b, func(c *box) { c.in[j].Hi = t }), s.child(b, func(c *box) { c.in[j].Lo = t + 1 })}
	}
	return []*box{s.child(b, func(c *box) { c.in[j].Hi = t }), s.child(b, func(c *box) { c.in[j].Lo = t })}
}

// giveUp drops a box without bound in variable j that lies beyond the limit of the options, and notes it.
func (s *search) giveUp(b *box, j int) bool {
	v := b.in[j]
	if !(v.Lo >= s.opt.Box || v.Hi <= -s.opt.Box) {
		return false
	}
	a := Assumed{s.p.m.VarName(j), math.Min(math.Abs(v.Lo), math.Abs(v.Hi))}
	for k, o := range s.assumed {
		if o.Variable == a.Variable {
			s.assumed[k].Bound = math.Min(o.Bound, a.Bound)
			return true
		}
	}
	s.assumed = append(s.assumed, a)
	return true
}

func (s *search) child(b *box, change func(*box)) *box {
	s.numbers++
	c := &box{bound: b.bound, depth: b.depth + 1, number: s.numbers}
	c.in = append(c.in, b.in...)
	c.zero = append(c.zero, b.zero...)
	change(c)
	return c
}

// pairToDecide is the open pair that the point violates most, relative to the ranges of its members; -1 where all hold nearly.
func (s *search) pairToDecide(b *box, x []float64) int {
	best, most := -1, 1e-4
	for k, pr := range s.p.pairs {
		if b.zero[k] > 0 || x == nil {
			continue
		}
		rel := func(n int) float64 {
			v := math.Max(0, x[n])
			if h := s.vals[n].Hi; !math.IsInf(h, 1) && h > 0 {
				return v / h
			}
			return v / (1 + v)
		}
		if v := math.Min(rel(pr[0]), rel(pr[1])); v > most {
			best, most = k, v
		}
	}
	return best
}

// openPair is the first pair that is not decided and may still go either way; -1 for none.
func (s *search) openPair(b *box) int {
	for k, pr := range s.p.pairs {
		if b.zero[k] == 0 && s.vals[pr[0]].Hi > 10*exactness && s.vals[pr[1]].Hi > 10*exactness {
			return k
		}
	}
	return -1
}

// variableToDivide scores each variable by the differences at the nodes that it is part of.
func (s *search) variableToDivide(b *box, x []float64) int {
	g := s.p.g
	score := make([]float64, len(b.in))
	if x != nil {
		total := 0.0
		for k := range g.nodes {
			n := &g.nodes[k]
			gap := 0.0
			switch n.kind {
			case product:
				gap = math.Abs(x[k] - x[n.args[0]]*x[n.args[1]])
			case quotient:
				gap = math.Abs(x[n.args[0]] - x[k]*x[n.args[1]])
			case curve:
				v, _ := n.curve.at(x[n.args[0]])
				gap = math.Abs(x[k] - v)
			case leaf:
				gap = math.Min(s.vals[k].Width(), 1)
			}
			if gap = math.Min(gap, 1e6); !(gap > 1e-9) {
				continue
			}
			total += gap
			for _, j := range s.p.support[k] {
				score[j] += gap
			}
		}
		if total < 1e-7 {
			clear(score)
		}
	}
	best, most := -1, 0.0
	for j, v := range b.in {
		w := v.Width()
		if s.p.whole[j] && w < 1 || !isInfinite(v) && w <= smallest*math.Max(1, math.Max(math.Abs(v.Lo), math.Abs(v.Hi))) {
			continue
		}
		rel := math.Min(1, w/s.widths[j])
		if isInfinite(v) {
			rel = 1
		}
		weight := rel
		if j >= s.p.n {
			weight *= 0.2 // multipliers follow from the others
			if isInfinite(v) {
				continue
			}
		}
		if v := weight * (score[j] + 1e-7); v > most {
			best, most = j, v
		}
	}
	return best
}
