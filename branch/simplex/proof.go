package simplex

import (
	"math"
	"slices"
)

// Tolerances of the proofs: of a point's violation of bounds and rows, in relation to their size, and of the difference between its value and
// the bound that the duals give, in relation to the value and to the terms that the bound is the sum of;
// and of what is taken for a rounding error off a bound or zero.
const (
	pointTol = 5e-9
	gapTol   = 1e-8
	termTol  = 1e-11
	snapTol  = 1e-12
)

// violated reports whether a basic quantity violates a bound, so that the dual simplex method has something to do.
func (s *LP) violated() bool {
	s.locate()
	r, _ := s.leaving()
	return r >= 0
}

// proves checks the point and the duals of the basis at hand with the rows as they were given. The values of the rows become those that the
// columns give.
//
// With y the duals and r = c - A'y every x within the bounds has c'x >= Σ_i y_i s_i + Σ_j r_j x_j at the bounds that make each term least.
func (s *LP) proves() bool {
	s.y = slices.Grow(s.y[:0], s.m)[:s.m]
	clear(s.y)
	for j, q := range s.nonbasic {
		if int(q) >= s.n {
			s.y[int(q)-s.n] = s.d[j]
		}
	}
	for j := range s.n {
		v := s.x[j]
		big := math.Max(1, math.Abs(v))
		if v < s.lo[j]-pointTol*big || v > s.hi[j]+pointTol*big {
			return false
		}
		// A rounding error off a bound or zero may be a tie lost: the point is put there, and the rows are looked at then.
		switch {
		case v < s.lo[j]+snapTol*big:
			s.x[j] = s.lo[j]
		case v > s.hi[j]-snapTol*big:
			s.x[j] = s.hi[j]
		case math.Abs(v) < snapTol:
			s.x[j] = 0
		}
		s.r[j] = s.cost[j]
		s.size[j] = math.Abs(s.cost[j])
	}
	low, terms := s.offset, math.Abs(s.offset)
	for i := range s.m {
		v, big, y := 0.0, 1.0, s.y[i]
		for k := s.start[i]; k < s.start[i+1]; k++ {
			j, a := s.index[k], s.value[k]
			term := a * s.x[j]
			v += term
			big = math.Max(big, math.Abs(term))
			if y != 0 {
				s.r[j] -= y * a
				s.size[j] += math.Abs(y * a)
			}
		}
		q := s.n + i
		if v < s.lo[q]-pointTol*big || v > s.hi[q]+pointTol*big {
			return false
		}
		s.x[q] = v
		if y != 0 {
			term, ok := s.least(q, y, math.Abs(y))
			if !ok {
				return false
			}
			low += term
			terms += math.Abs(term)
		}
	}
	for j, r := range s.r {
		if r == 0 {
			continue
		}
		term, ok := s.least(j, r, s.size[j])
		if !ok {
			return false
		}
		low += term
		terms += math.Abs(term)
	}
	v := s.objective()
	s.obj = math.Min(v, low)
	return v-low <= gapTol*math.Max(1, math.Abs(v))+termTol*terms
}

// least is the least value of r times a quantity. A reduced cost of the wrong sign on a side without bound is taken for zero within the
// tolerance, size being that of what it was summed up from.
func (s *LP) least(q int, r, size float64) (float64, bool) {
	at := s.lo[q]
	if r < 0 {
		at = s.hi[q]
	}
	if !finite(at) {
		return 0, math.Abs(r) <= 2*dualTol+1e-12*size
	}
	return r * at, true
}

// refutes checks with the rows as they were given that row r of the tableau has no point: with weights w of the quantities that are nonbasic
// rows, -1 for the basic one, Σ w_q (quantity_q) - Σ (A'w)_j x_j is zero at every x, and here it cannot be.
func (s *LP) refutes(r int) bool {
	clear(s.r)
	clear(s.size)
	b := int(s.basic[r])
	low, high, terms := 0.0, 0.0, 0.0
	add := func(q int, w float64) {
		at, to := s.lo[q], s.hi[q]
		if w < 0 {
			at, to = to, at
		}
		low, high = low+w*at, high+w*to
		if v := w * at; finite(v) {
			terms += math.Abs(v)
		}
		if v := w * to; finite(v) {
			terms += math.Abs(v)
		}
	}
	weigh := func(q int, w float64) {
		add(q, w)
		i := q - s.n
		for k := s.start[i]; k < s.start[i+1]; k++ {
			s.r[s.index[k]] -= w * s.value[k]
			s.size[s.index[k]] += math.Abs(w * s.value[k])
		}
	}
	for j, q := range s.nonbasic {
		if w := s.t[r][j]; int(q) >= s.n && math.Abs(w) > 1e-12 {
			weigh(int(q), w)
		}
	}
	if b >= s.n {
		weigh(b, -1)
	}
	for j, w := range s.r {
		if w != 0 && math.Abs(w) > 1e-11*s.size[j] {
			add(j, w)
		}
	}
	tol := 0.5*primalTol + 1e-12*terms
	return low > tol || high < -tol
}
