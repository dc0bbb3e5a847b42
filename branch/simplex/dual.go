package simplex

import "math"

// dual pivots till no basic quantity violates a bound. Where a row shows that there is no point its place is returned.
func (s *LP) dual(limit int) (Status, int) {
	most := s.iter + s.mostPivots()
	for {
		r, up := s.leaving()
		if r < 0 {
			return Optimal, r
		}
		if limit > 0 && s.iter >= limit {
			return IterationLimit, r
		}
		if s.iter >= most {
			return Unknown, r
		}
		s.iter++
		e, st := s.entering(r, up)
		if st != Optimal {
			return st, r
		}
		s.dualStep(r, e, up)
		if s.iter == most-s.mostPivots()/2 {
			s.perturb()
		}
	}
}

// leaving is the place of the basic quantity with the largest violation in relation to its weight, -1 where there is none; up says that it
// is to grow.
func (s *LP) leaving() (r int, up bool) {
	r = -1
	best := 0.0
	for i, q := range s.basic[:s.liveRows] {
		x := s.x[q]
		v, grows := s.lo[q]-x, true
		if v <= primalTol {
			if v, grows = x-s.hi[q], false; v <= primalTol {
				continue
			}
		}
		if v *= v; v > best*s.weight[i] {
			best, r, up = v/s.weight[i], i, grows
		}
	}
	return r, up
}

// candidates are the nonbasic quantities that block the ray of row r of the tableau, with entries of at least the size least; up says that the basic one is to
// grow.
func (s *LP) candidates(r int, up bool, least float64) []candidate {
	list := s.cand[:0]
	for j, a := range s.t[r][:s.liveCols] {
		if a < least && a > -least {
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
			d = 0
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
	return list
}

// entering is the place of the nonbasic quantity that takes the place of basic r, by the ratio test with bound flips and tolerances: those
// whose reduced cost turns its sign first are put on their other bounds while that leaves r violated. The flips are noted in s.flips.
func (s *LP) entering(r int, up bool) (int, Status) {
	q := s.basic[r]
	slope := s.x[q] - s.hi[q]
	if up {
		slope = s.lo[q] - s.x[q]
	}
	list := s.candidates(r, up, pivotTol)
	s.flips = s.flips[:0]
	for len(list) > 0 {
		limit, first := math.Inf(1), -1
		for i, c := range list {
			if v := (c.d + dualTol) / c.a; v < limit {
				limit, first = v, i
			}
		}
		if first < 0 {
			break // numbers that are none
		}
		limit = math.Max(limit, list[first].d/list[first].a*(1+1e-14)) // beside a large reduced cost the tolerance is lost in rounding
		rest, best := slope, -1
		for i, c := range list {
			if c.d > limit*c.a {
				continue
			}
			k := s.nonbasic[c.j]
			rest -= c.a * (s.hi[k] - s.lo[k])
			if best < 0 || c.a > list[best].a {
				best = i
			}
		}
		if !(rest > primalTol) { // a slope of rounding errors alone is none
			return int(list[best].j), Optimal
		}
		slope = rest
		kept := list[:0]
		for _, c := range list {
			if c.d <= limit*c.a {
				s.flips = append(s.flips, c.j)
			} else {
				kept = append(kept, c)
			}
		}
		list = kept
	}
	s.flips = s.flips[:0]
	if len(list) > 0 {
		return -1, Unknown
	}
	return -1, Infeasible
}

// dualStep flips, moves the point so that r is on the bound that it violated, and pivots.
func (s *LP) dualStep(r, e int, up bool) {
	for _, j := range s.flips {
		k := s.nonbasic[j]
		s.up[k] = !s.up[k]
		to := s.bound(k)
		s.move(int(j), to-s.x[k])
		s.x[k] = to
	}
	b, k := s.basic[r], s.nonbasic[e]
	to := s.hi[b]
	if up {
		to = s.lo[b]
	}
	pivot := s.t[r][e]
	step := (to - s.x[b]) / pivot
	s.move(e, step)
	s.x[k] += step
	s.x[b] = to
	s.up[b] = !up
	lo, hi := s.lo[k], s.hi[k]
	if d := s.d[e]; d != 0 && (!finite(lo) && !finite(hi) || (d < 0) != (s.up[k] && finite(hi) || !finite(lo))) {
		s.shift(e, d) // of the wrong sign, by rounding
	}
	w := s.weight[r] / (pivot * pivot)
	for i := range s.t[:s.liveRows] {
		if a := s.t[i][e]; a != 0 && i != r {
			if v := a * a * w; v > s.weight[i] {
				s.weight[i] = v
			}
		}
	}
	s.weight[r] = math.Max(w, 1)
	s.pivot(r, e)
	for _, j := range s.nz { // within the tolerance of the ratio test some have changed their sign
		d := s.d[j]
		if d == 0 {
			continue
		}
		k := s.nonbasic[j]
		lo, hi := s.lo[k], s.hi[k]
		if lo == hi {
			continue
		}
		if !finite(lo) && !finite(hi) || (d < 0) != (s.up[k] && finite(hi) || !finite(lo)) {
			s.shift(int(j), d)
		}
	}
}

// move changes the basic quantities by what a step of the nonbasic one of place e does to them.
func (s *LP) move(e int, step float64) {
	if step == 0 {
		return
	}
	for i, row := range s.t[:s.liveRows] {
		if a := row[e]; a != 0 {
			s.x[s.basic[i]] += a * step
		}
	}
}

// perturb moves the reduced costs a little away from zero, each by its own amount, so that ties do not lead in circles.
func (s *LP) perturb() {
	size := 1.0
	for _, c := range s.cost {
		size = math.Max(size, math.Abs(c))
	}
	state := uint64(0x9e3779b97f4a7c15)
	for j, q := range s.nonbasic {
		state = state*6364136223846793005 + 1442695040888963407
		lo, hi := s.lo[q], s.hi[q]
		if lo == hi || !finite(lo) && !finite(hi) {
			continue
		}
		move := 1e-6 * size * (1 + float64(state>>40)/(1<<24))
		if s.up[q] && finite(hi) || !finite(lo) {
			move = -move
		}
		s.d[j] += move
	}
	s.shifted = true
}
