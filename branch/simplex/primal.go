package simplex

import "math"

// primal pivots till no reduced cost has the wrong sign. It begins at a point that satisfies all bounds. Unknown stands for an unbounded
// program as well.
func (s *LP) primal() Status {
	for most := s.iter + s.mostPivots(); s.iter < most; {
		e, best := -1, dualTol
		for j, q := range s.nonbasic[:s.liveCols] {
			lo, hi := s.lo[q], s.hi[q]
			if lo == hi {
				continue
			}
			d := s.d[j]
			v := -d // what growing gains
			switch {
			case !finite(lo) && !finite(hi):
				v = math.Abs(d)
			case s.up[q] && finite(hi) || !finite(lo):
				v = d
			}
			if v > best {
				e, best = j, v
			}
		}
		if e < 0 {
			return Optimal
		}
		s.iter++
		if !s.primalStep(e) {
			return Unknown
		}
	}
	return Unknown
}

// primalStep moves the nonbasic quantity of place e as far as the bounds let it, and pivots where one of the others stops it. It is false where
// nothing does, or only a pivot that is too small.
func (s *LP) primalStep(e int) bool {
	k := s.nonbasic[e]
	sign := 1.0
	if s.d[e] > 0 {
		sign = -1
	}
	limit := math.Inf(1)
	for i, row := range s.t[:s.liveRows] {
		if rate := row[e] * sign; rate > primalTol || rate < -primalTol {
			if v := (s.room(i, rate) + primalTol) / math.Abs(rate); v < limit {
				limit = v
			}
		}
	}
	own := s.hi[k] - s.lo[k]
	if own <= limit {
		if !finite(own) {
			return false
		}
		s.up[k] = !s.up[k]
		to := s.bound(k)
		s.move(e, to-s.x[k])
		s.x[k] = to
		return true
	}
	r, size := -1, 0.0
	for i, row := range s.t[:s.liveRows] {
		rate := row[e] * sign
		if a := math.Abs(rate); a > primalTol && a > size && s.room(i, rate) <= limit*a {
			r, size = i, a
		}
	}
	if r < 0 || size < pivotTol {
		return false
	}
	rate := s.t[r][e] * sign
	b := s.basic[r]
	step := math.Max(0, s.room(r, rate)/size)
	s.move(e, sign*step)
	s.x[k] += sign * step
	s.up[b] = rate > 0
	s.x[b] = s.bound(b)
	s.pivot(r, e)
	s.weight[r] = 1
	return true
}

// room is how far basic i is from the bound that it moves to.
func (s *LP) room(i int, rate float64) float64 {
	q := s.basic[i]
	if rate > 0 {
		return s.hi[q] - s.x[q]
	}
	return s.x[q] - s.lo[q]
}
