package simplex

import (
	"math"
	"slices"
)

// noise is the size up to which an entry of the tableau is taken for a rounding error where nothing is divided by it.
const noise = 1e-11

// Penalty estimates, after Optimal, by how much the optimum rises at least where quantity q is held at the value to; +Inf where it cannot be
// held there at all. It is what the dual simplex method gains in its first step. With x the value of a basic q, t its row in the tableau and d the reduced costs, a step
// of length s along the dual ray of the row changes the value of the dual by
//
//	g(s) = |to - x| s - Σ_j max(0, s |t_j| - |d_j|) (hi_j - lo_j)
//
// over the nonbasic quantities j that the ray turns against, and the estimate is the maximum over s >= 0, attained at step. For a nonbasic q it is |d_q| |to - x|, at
// step 0. It rests on the tableau; ProvenPenalty does not.
//
// Source: Driebeek, Management Science 12 (1966); with bounds on both sides: the long-step rule, Maros (2003).
func (s *LP) Penalty(q int, to float64) (gain, step float64) {
	move := to - s.x[q]
	if move == 0 {
		return 0, 0
	}
	if p := s.at[q]; p >= 0 {
		if d := s.d[p]; (d > 0) == (move > 0) {
			gain = math.Abs(d * move)
		}
		return gain, 0
	}
	up, slope := move > 0, math.Abs(move)
	list := s.candidates(int(-1-s.at[q]), up, noise)
	slices.SortFunc(list, func(a, b candidate) int {
		switch v, w := a.d*b.a, b.d*a.a; {
		case v < w:
			return -1
		case v > w:
			return 1
		}
		return int(a.j - b.j)
	})
	for _, c := range list {
		ratio := c.d / c.a
		gain += slope * (ratio - step)
		step = ratio
		k := s.nonbasic[c.j]
		if slope -= c.a * (s.hi[k] - s.lo[k]); slope <= 0 {
			return gain, step
		}
	}
	if slope > 1e-7*math.Max(1, math.Max(math.Abs(to), math.Abs(move))) {
		return math.Inf(1), step
	}
	return gain, step
}

// ProvenPenalty is what the rows as they were given prove of the answer gain, step of Penalty(q, to): with y the duals, moved by the step along the row of q, and
// r = c - A'y every x within the bounds that has q at to has c'x >= Σ_i y_i s_i + Σ_j r_j x_j at the bounds that make each term least. It is that bound less
// Objective; +Inf where a combination of the rows proves that q cannot be held there, and -Inf where nothing is proven.
func (s *LP) ProvenPenalty(q int, to, gain, step float64) float64 {
	lo, hi := s.lo[q], s.hi[q]
	defer func() { s.lo[q], s.hi[q] = lo, hi }()
	s.lo[q], s.hi[q] = to, to
	place := int(-1 - s.at[q]) // < 0 where nonbasic
	if math.IsInf(gain, 1) {
		kept := slices.Clone(s.r) // those of the last answer
		defer copy(s.r, kept)
		if s.refutes(place) {
			return gain
		}
		return math.Inf(-1)
	}
	if to < s.x[q] {
		step = -step
	}
	s.moved = slices.Grow(s.moved[:0], s.m)[:s.m]
	clear(s.moved)
	for j, k := range s.nonbasic {
		if int(k) >= s.n {
			s.moved[int(k)-s.n] = s.d[j]
			if place >= 0 {
				s.moved[int(k)-s.n] -= step * s.t[place][j]
			}
		}
	}
	if place >= 0 && q >= s.n {
		s.moved[q-s.n] = step
	}
	s.turned = append(s.turned[:0], s.cost...)
	s.terms = slices.Grow(s.terms[:0], s.n)[:s.n]
	for j, c := range s.cost {
		s.terms[j] = math.Abs(c)
	}
	low, size := s.offset, math.Abs(s.offset)
	for i, y := range s.moved {
		if y == 0 {
			continue
		}
		for k := s.start[i]; k < s.start[i+1]; k++ {
			j, a := s.index[k], s.value[k]
			s.turned[j] -= y * a
			s.terms[j] += math.Abs(y * a)
		}
		term, ok := s.least(s.n+i, y, math.Abs(y))
		if !ok {
			return math.Inf(-1)
		}
		low += term
		size += math.Abs(term)
	}
	for j, r := range s.turned {
		if r == 0 {
			continue
		}
		term, ok := s.least(j, r, s.terms[j])
		if !ok {
			return math.Inf(-1)
		}
		low += term
		size += math.Abs(term)
	}
	return low - termTol*size - s.obj
}
