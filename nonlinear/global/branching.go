package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// branching chooses the variable to split and where, -1 where no side can be split: the one over whose range the gradients of the objective and of the
// constraints, weighted by their multipliers, are least certain, which is what first-order bounds lose.
func (s *search) branching(box []expr.Interval) (j int, at float64) {
	s.weigh()
	j = -1
	score := 0.0
	for v, b := range box {
		m := b.Middle()
		if !(b.Lo < b.Hi) || !s.p.integer[v] && !(b.Lo < m && m < b.Hi) {
			continue
		}
		value := s.uncertainty(v, b)
		if j < 0 || value > score {
			j, score = v, value
		}
	}
	if j < 0 {
		return -1, 0
	}
	return j, s.place(j, box[j])
}

// weigh sets the weights of the functions: 1 for the objective, the multiplier of the best well or a little for constraints.
func (s *search) weigh() {
	s.weights[0] = 1
	for k := 1; k < len(s.weights); k++ {
		s.weights[k] = 0.01
		if s.best == nil {
			s.weights[k] = 1
		}
		if len(s.wells) > 0 && k-1 < len(s.wells[0].rows) {
			s.weights[k] += math.Abs(s.wells[0].rows[k-1])
		}
	}
}

func (s *search) uncertainty(v int, b expr.Interval) float64 {
	width := b.Width()
	if math.IsInf(width, 0) {
		return math.Inf(1)
	}
	// Every variable is split at last.
	value := 1e-6 * width / math.Max(1, b.Magnitude())
	for k, f := range s.p.functions {
		for i, j := range f.vars {
			if j != v {
				continue
			}
			g := s.ranges[k].Gradient[i]
			w := g.Width()
			if !s.ranges[k].Continuous || math.IsInf(w, 0) || math.IsNaN(w) {
				w = 1e3 * math.Max(1, width)
			}
			value += s.weights[k] * width * w
		}
	}
	return value
}

// place is where to split: the middle, unless a well is close to it, which is to lie well inside of one part.
func (s *search) place(j int, b expr.Interval) float64 {
	m := b.Middle()
	width := b.Width()
	if s.p.integer[j] || math.IsInf(width, 0) {
		return m
	}
	for _, w := range s.wells {
		if x := w.x[j]; math.Abs(x-m) < 0.1*width {
			at := m + 0.2*width
			if x > m {
				at = m - 0.2*width
			}
			if b.Lo < at && at < b.Hi {
				return at
			}
		}
	}
	return m
}
