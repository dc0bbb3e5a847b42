package simplex

import "math"

// Solve solves the program from the basis at hand, with at most limit pivots and flips where limit > 0. What it answers is proven with the
// rows as they were given, not with the tableau:
//
//   - Optimal: the point satisfies bounds and rows, and the duals bound the objective from below by its value;
//   - Infeasible: the range over the bounds of a combination of rows does not contain zero, which it always is.
//
// Where the tableau has lost its accuracy it is made anew and the solve is begun again.
func (s *LP) Solve(limit int) Status {
	s.iter = 0
	s.obj = math.NaN()
	for q, lo := range s.lo {
		if hi := s.hi[q]; lo > hi {
			if lo-hi > primalTol {
				return Infeasible
			}
			s.lo[q] = hi
		}
	}
	for try := 0; try < 3; try++ {
		if s.stale || try > 0 && !s.fresh {
			s.refactor()
		}
		st, proven := s.run(limit)
		if proven {
			return st
		}
	}
	return Unknown
}

// rounds is how often the two methods take turns before the tableau is made anew.
const rounds = 4

// run is one attempt with the tableau at hand.
func (s *LP) run(limit int) (st Status, proven bool) {
	s.price()
	s.seat()
	for range rounds {
		s.locate()
		st, r := s.dual(limit)
		switch st {
		case Infeasible:
			return st, s.refutes(r)
		case IterationLimit:
			if !s.shifted {
				s.obj = s.objective()
			}
			return st, true
		case Unknown:
			return st, false
		}
		if s.shifted {
			s.price()
			if st := s.primal(); st != Optimal {
				return st, false
			}
		}
		if s.proves() {
			return Optimal, true
		}
		if !s.violated() {
			return Unknown, false
		}
	}
	return Unknown, false
}

// price sets the reduced costs from the costs.
func (s *LP) price() {
	for j, q := range s.nonbasic {
		s.d[j] = 0
		if int(q) < s.n {
			s.d[j] = s.cost[q]
		}
	}
	for i, q := range s.basic {
		if int(q) >= s.n {
			continue
		}
		c := s.cost[q]
		if c == 0 {
			continue
		}
		for j, v := range s.t[i][:s.liveCols] {
			s.d[j] += c * v
		}
	}
	s.shifted = false
}

// seat puts each nonbasic quantity on the bound that its reduced cost asks for; where that is infinite the cost is moved to zero.
func (s *LP) seat() {
	for j, q := range s.nonbasic {
		lo, hi := s.lo[q], s.hi[q]
		low, high := finite(lo), finite(hi)
		switch d := s.d[j]; {
		case lo == hi:
			s.up[q] = false
		case low && high:
			if d > dualTol {
				s.up[q] = false
			} else if d < -dualTol {
				s.up[q] = true
			}
		case low:
			s.up[q] = false
			if d < 0 {
				s.shift(j, d)
			}
		case high:
			s.up[q] = true
			if d > 0 {
				s.shift(j, d)
			}
		default:
			s.up[q] = false
			if d != 0 {
				s.shift(j, d)
			}
		}
		s.x[q] = s.bound(q)
	}
}

// shift moves a reduced cost to zero.
func (s *LP) shift(j int, d float64) {
	s.d[j] = 0
	if math.Abs(d) > dualTol {
		s.shifted = true
	}
}

// bound is where a nonbasic quantity is.
func (s *LP) bound(q int32) float64 {
	lo, hi := s.lo[q], s.hi[q]
	switch {
	case s.up[q] && finite(hi):
		return hi
	case finite(lo):
		return lo
	case finite(hi):
		return hi
	}
	return 0
}

// locate sets the values of the basic quantities from those of the nonbasic ones.
func (s *LP) locate() {
	nz := s.nz[:0]
	for j, q := range s.nonbasic[:s.liveCols] {
		if s.x[q] != 0 {
			nz = append(nz, int32(j))
		}
	}
	s.nz = nz
	for i, q := range s.basic[:s.liveRows] {
		row, v := s.t[i], 0.0
		for _, j := range nz {
			v += row[j] * s.x[s.nonbasic[j]]
		}
		s.x[q] = v
	}
}

func (s *LP) objective() float64 {
	v := s.offset
	for j, c := range s.cost {
		if c != 0 {
			v += c * s.x[j]
		}
	}
	return v
}

// mostPivots ends a run that goes round in circles.
func (s *LP) mostPivots() int { return 200 + 10*(s.n+s.m) }
