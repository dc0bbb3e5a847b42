package simplex

import (
	"math"
	"slices"
)

// Penalty is, after Optimal, a bound from below on how much the optimum rises where quantity q is held at the value to; +Inf where it cannot be
// held there at all. It is what the dual simplex method gains in its first step. With x the value of a basic q, t its row in the tableau and d the reduced costs, a step
// of length s along the dual ray of the row changes the value of the dual by
//
//	g(s) = |to - x| s - Σ_j max(0, s |t_j| - |d_j|) (hi_j - lo_j)
//
// over the nonbasic quantities j that the ray turns against, and the bound is the maximum over s >= 0. For a nonbasic q it is |d_q| |to - x|.
//
// Source: Driebeek, Management Science 12 (1966); with bounds on both sides: the long-step rule, Maros (2003).
func (s *LP) Penalty(q int, to float64) float64 {
	move := to - s.x[q]
	if move == 0 {
		return 0
	}
	if p := s.at[q]; p >= 0 {
		d := s.d[p]
		if (d > 0) != (move > 0) {
			return 0
		}
		return math.Abs(d * move)
	}
	up, slope := move > 0, math.Abs(move)
	list := s.cand[:0]
	for j, a := range s.t[-1-s.at[q]][:s.liveCols] {
		if a < pivotTol && a > -pivotTol {
			continue
		}
		k := s.nonbasic[j]
		lo, hi := s.lo[k], s.hi[k]
		if lo == hi {
			continue
		}
		if !up {
			a = -a
		}
		d := s.d[j]
		switch {
		case !finite(lo) && !finite(hi):
			return 0
		case s.up[k] && finite(hi) || !finite(lo):
			if a > 0 {
				continue
			}
			d = -d
		case a < 0:
			continue
		}
		list = append(list, candidate{int32(j), math.Max(d, 0), math.Abs(a)})
	}
	s.cand = list
	slices.SortFunc(list, func(a, b candidate) int {
		switch v, w := a.d*b.a, b.d*a.a; {
		case v < w:
			return -1
		case v > w:
			return 1
		}
		return int(a.j - b.j)
	})
	gain, last := 0.0, 0.0
	for _, c := range list {
		ratio := c.d / c.a
		gain += slope * (ratio - last)
		last = ratio
		k := s.nonbasic[c.j]
		if slope -= c.a * (s.hi[k] - s.lo[k]); slope <= 0 {
			return gain
		}
	}
	if slope > 1e-7*math.Max(1, math.Max(math.Abs(to), math.Abs(move))) {
		return math.Inf(1)
	}
	return gain
}
