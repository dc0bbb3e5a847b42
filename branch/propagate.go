package branch

import "math"

// propagator keeps bounds of columns and rows that hold at every point with the members fixed so far, and tightens them through the
// rows and the pairs:
//
//	row lo <= Σ a_j x_j <= hi:  a_j x_j <= hi - min Σ_{i≠j} a_i x_i,  and so on
//	pair 0 <= a ⟂ b >= 0:       min a > 0 implies b = 0
//
// Changes are recorded on a trail, so that undoing them costs as much as they did.
type propagator struct {
	p          *problem
	lo, hi     []float64
	rlo, rhi   []float64
	fixed      []uint8 // by pair: bit 0, the first member is zero; bit 1, the second
	trail      []change
	queue      []int32 // rows to look at, short ones
	long       []int32 // and long ones
	queued     []bool
	infeasible bool
	work       int // entries of rows looked at
	limit      int // work at which a call of run gives up; the bounds stay valid
}

type change struct {
	what uint8 // colLo, colHi, rowLo, rowHi, pairFixed
	idx  int32
	old  float64
}

const (
	colLo uint8 = iota
	colHi
	rowLo
	rowHi
	pairFixed
)

// Tolerances of propagation, relative to the size of a row's terms: a row that misses its bound by infeasTol is infeasible; a member that
// is above positiveTol is not zero; tightened bounds are relaxed by slackTol; those beyond bigBound are not taken.
const (
	infeasTol   = 1e-6
	positiveTol = 1e-5
	slackTol    = 1e-9
	bigBound    = 1e7
)

func newPropagator(p *problem) *propagator {
	c := func(s []float64) []float64 { return append([]float64(nil), s...) }
	return &propagator{p: p, lo: c(p.lo), hi: c(p.hi), rlo: c(p.rlo), rhi: c(p.rhi), fixed: make([]uint8, len(p.pairs)), queued: make([]bool, len(p.rlo))}
}

// mark is a place on the trail to which undo goes back.
func (s *propagator) mark() int { return len(s.trail) }

func (s *propagator) undo(mark int) {
	for i := len(s.trail) - 1; i >= mark; i-- {
		c := s.trail[i]
		switch c.what {
		case colLo:
			s.lo[c.idx] = c.old
		case colHi:
			s.hi[c.idx] = c.old
		case rowLo:
			s.rlo[c.idx] = c.old
		case rowHi:
			s.rhi[c.idx] = c.old
		case pairFixed:
			s.fixed[c.idx] = uint8(c.old)
		}
	}
	s.trail = s.trail[:mark]
	s.clearQueue()
	s.infeasible = false
}

func (s *propagator) clearQueue() {
	for _, list := range [2][]int32{s.queue, s.long} {
		for _, r := range list {
			s.queued[r] = false
		}
	}
	s.queue, s.long = s.queue[:0], s.long[:0]
}

// longRow is the number of entries from which a row waits until no shorter one is left.
const longRow = 32

func (s *propagator) push(r int32) {
	if int(r) == s.p.rows && math.IsInf(s.rhi[r], 1) {
		return // the objective, of which nothing is asked yet
	}
	if !s.queued[r] {
		s.queued[r] = true
		if s.p.start[r+1]-s.p.start[r] < longRow {
			s.queue = append(s.queue, r)
		} else {
			s.long = append(s.long, r)
		}
	}
}

func (s *propagator) pushColumn(j int32) {
	for k := s.p.cstart[j]; k < s.p.cstart[j+1]; k++ {
		s.push(s.p.crow[k])
	}
}

func size(v ...float64) float64 {
	s := 1.0
	for _, a := range v {
		if a = math.Abs(a); a > s && !math.IsInf(a, 0) {
			s = a
		}
	}
	return s
}

// setHi lowers the upper bound of column j.
func (s *propagator) setHi(j int32, v float64) {
	if v >= s.hi[j] || s.infeasible {
		return
	}
	if v < s.lo[j] {
		if s.lo[j]-v > infeasTol*size(v, s.lo[j]) {
			s.infeasible = true
			return
		}
		v = s.lo[j]
		if v >= s.hi[j] {
			return
		}
	}
	s.trail = append(s.trail, change{colHi, j, s.hi[j]})
	s.hi[j] = v
	s.pushColumn(j)
	s.checkColumn(j)
}

// setLo raises the lower bound of column j.
func (s *propagator) setLo(j int32, v float64) {
	if v <= s.lo[j] || s.infeasible {
		return
	}
	if v > s.hi[j] {
		if v-s.hi[j] > infeasTol*size(v, s.hi[j]) {
			s.infeasible = true
			return
		}
		v = s.hi[j]
		if v <= s.lo[j] {
			return
		}
	}
	s.trail = append(s.trail, change{colLo, j, s.lo[j]})
	s.lo[j] = v
	s.pushColumn(j)
	s.checkColumn(j)
}

// checkColumn looks whether a column has become strictly greater than zero as a member of a pair.
func (s *propagator) checkColumn(j int32) {
	for _, ref := range s.p.colPairs[j] {
		m := s.p.pairs[ref>>1][ref&1]
		at := s.p.at(m)
		if m.upper && at-s.hi[j] > positiveTol*size(at) || !m.upper && s.lo[j]-at > positiveTol*size(at) {
			s.fix(int(ref>>1), int(ref&1)^1)
		}
	}
}

// fix sets one member of a pair to zero.
func (s *propagator) fix(pair, side int) {
	bit := uint8(1) << side
	if s.fixed[pair]&bit != 0 || s.infeasible {
		return
	}
	s.trail = append(s.trail, change{pairFixed, int32(pair), float64(s.fixed[pair])})
	s.fixed[pair] |= bit
	m := s.p.pairs[pair][side]
	at := s.p.at(m)
	switch {
	case m.row && m.upper:
		s.setRowLo(m.idx, at)
	case m.row:
		s.setRowHi(m.idx, at)
	case m.upper:
		s.setLo(m.idx, at)
	default:
		s.setHi(m.idx, at)
	}
}

func (s *propagator) setRowLo(r int32, v float64) {
	if v <= s.rlo[r] {
		return
	}
	if v > s.rhi[r]+infeasTol*size(v) {
		s.infeasible = true
		return
	}
	s.trail = append(s.trail, change{rowLo, r, s.rlo[r]})
	s.rlo[r] = v
	s.push(r)
	s.checkRowBounds(r)
}

func (s *propagator) setRowHi(r int32, v float64) {
	if v >= s.rhi[r] {
		return
	}
	if v < s.rlo[r]-infeasTol*size(v) {
		s.infeasible = true
		return
	}
	s.trail = append(s.trail, change{rowHi, r, s.rhi[r]})
	s.rhi[r] = v
	s.push(r)
	s.checkRowBounds(r)
}

// checkRowBounds looks whether the row's own bounds keep a member of a pair from zero: a range at its upper side is not at its lower one.
func (s *propagator) checkRowBounds(r int32) {
	for _, ref := range s.p.rowPairs[r] {
		m := s.p.pairs[ref>>1][ref&1]
		at := s.p.at(m)
		if m.upper && at-s.rhi[r] > positiveTol*size(at) || !m.upper && s.rlo[r]-at > positiveTol*size(at) {
			s.fix(int(ref>>1), int(ref&1)^1)
		}
	}
}

// cutoff asks the objective to be at most v from now on, whatever is undone.
func (s *propagator) cutoff(v float64) { s.rhi[s.p.rows] = v - s.p.offset }

// fixSets sets the columns of a set to zero of which another column cannot be zero. It reports whether it did something.
func (s *propagator) fixSets() bool {
	before := len(s.trail)
	for _, set := range s.p.sets {
		nonzero := -1
		for _, j := range set.cols {
			if s.lo[j] > positiveTol || s.hi[j] < -positiveTol {
				if nonzero >= 0 {
					s.infeasible = true
					return true
				}
				nonzero = int(j)
			}
		}
		if nonzero < 0 {
			continue
		}
		for _, j := range set.cols {
			if int(j) != nonzero {
				s.setLo(j, 0)
				s.setHi(j, 0)
			}
		}
	}
	return len(s.trail) > before || s.infeasible
}

// settle is run, and what the sets add to it.
func (s *propagator) settle() bool {
	for s.run() && len(s.p.sets) > 0 && s.fixSets() && !s.infeasible {
	}
	return !s.infeasible
}

// run propagates until nothing changes, or the work limit is reached. It is false where the fixings are infeasible.
func (s *propagator) run() bool {
	stop := s.work + s.limit
	for (len(s.queue) > 0 || len(s.long) > 0) && !s.infeasible && (s.limit == 0 || s.work < stop) {
		from := &s.queue // short rows first: they cost little and tell most
		if len(*from) == 0 {
			from = &s.long
		}
		r := (*from)[0]
		*from = (*from)[1:]
		s.queued[r] = false
		if s.limit > 0 && s.work+int(s.p.start[r+1]-s.p.start[r]) > stop {
			continue // longer than what is left of the limit
		}
		s.row(r)
	}
	s.clearQueue()
	return !s.infeasible
}

// row propagates one row.
func (s *propagator) row(r int32) {
	p := s.p
	from, to := p.start[r], p.start[r+1]
	s.work += int(to - from)
	var lo, hi float64 // finite parts of the activity's bounds
	var nlo, nhi int   // infinite ones
	big := 1.0
	for k := from; k < to; k++ {
		a, j := p.val[k], p.idx[k]
		l, h := a*s.lo[j], a*s.hi[j]
		if a < 0 {
			l, h = h, l
		}
		if math.IsInf(l, 0) {
			nlo++
		} else {
			lo += l
			big = max(big, math.Abs(l))
		}
		if math.IsInf(h, 0) {
			nhi++
		} else {
			hi += h
			big = max(big, math.Abs(h))
		}
	}
	rlo, rhi := s.rlo[r], s.rhi[r]
	scale := max(big, size(rlo, rhi))
	if nlo == 0 && lo > rhi+infeasTol*scale || nhi == 0 && hi < rlo-infeasTol*scale {
		s.infeasible = true
		return
	}
	s.checkRow(r, lo, nlo, hi, nhi, scale)
	if s.infeasible || math.IsInf(rhi, 1) && math.IsInf(rlo, -1) {
		return
	}
	rlo, rhi = s.rlo[r], s.rhi[r]
	for k := from; k < to && !s.infeasible; k++ {
		a, j := p.val[k], p.idx[k]
		l, h := a*s.lo[j], a*s.hi[j]
		if a < 0 {
			l, h = h, l
		}
		if !math.IsInf(rhi, 1) { // a x_j <= rhi - min of the rest
			if rest, ok := without(lo, nlo, l); ok {
				s.tighten(j, (rhi-rest)/a, a > 0, slackTol*scale/math.Abs(a))
			}
		}
		if !math.IsInf(rlo, -1) && !s.infeasible { // a x_j >= rlo - max of the rest
			if rest, ok := without(hi, nhi, h); ok {
				s.tighten(j, (rlo-rest)/a, a < 0, slackTol*scale/math.Abs(a))
			}
		}
	}
}

// without takes one term out of a sum with n infinite terms; ok is false where the rest is infinite.
func without(sum float64, n int, term float64) (rest float64, ok bool) {
	if math.IsInf(term, 0) {
		return sum, n == 1
	}
	return sum - term, n == 0
}

// tighten takes v as a new bound of column j if it is worth it.
func (s *propagator) tighten(j int32, v float64, upper bool, slack float64) {
	if math.Abs(v) > bigBound || math.IsNaN(v) {
		return
	}
	if upper {
		v += slack
		if s.p.m.VarKind(int(j)) != 0 {
			v = math.Floor(v + 1e-6)
		}
		if s.hi[j]-v > leastGain(s.hi[j]-s.lo[j], v) || v < s.lo[j] {
			s.setHi(j, v)
		}
		return
	}
	v -= slack
	if s.p.m.VarKind(int(j)) != 0 {
		v = math.Ceil(v - 1e-6)
	}
	if v-s.lo[j] > leastGain(s.hi[j]-s.lo[j], v) || v > s.hi[j] {
		s.setLo(j, v)
	}
}

// leastGain is by how much a bound must be better than the old one to be taken, where v is the new one and width what the variable had left: a
// thousandth of the width. Where that is infinite it is a tenth of the bound's own size: that a variable becomes positive is news there, too,
// while bounds that drive each other up soon stop.
func leastGain(width, v float64) float64 {
	if math.IsInf(width, 1) {
		return 0.1 * size(v)
	}
	return 1e-3 * max(min(width, bigBound), 1e-3)
}

// checkRow looks whether a row is a member of a pair that cannot be zero.
func (s *propagator) checkRow(r int32, lo float64, nlo int, hi float64, nhi int, scale float64) {
	for _, ref := range s.p.rowPairs[r] {
		m := s.p.pairs[ref>>1][ref&1]
		at := s.p.at(m)
		if m.upper && nhi == 0 && at-hi > positiveTol*scale || !m.upper && nlo == 0 && lo-at > positiveTol*scale {
			s.fix(int(ref>>1), int(ref&1)^1)
		}
	}
}

// zeroTol is how far from zero a member may be, relative to the size of what it is made of, that the bounds leave no value but zero.
const zeroTol = 10 * slackTol

// zero reports whether the bounds leave a member no value but zero.
func (s *propagator) zero(m member) bool {
	at := s.p.at(m)
	if !m.row {
		if m.upper {
			return at-s.lo[m.idx] <= zeroTol*size(at)
		}
		return s.hi[m.idx]-at <= zeroTol*size(at)
	}
	var lo, hi float64
	big := size(at)
	for k := s.p.start[m.idx]; k < s.p.start[m.idx+1]; k++ {
		a, j := s.p.val[k], s.p.idx[k]
		l, h := a*s.lo[j], a*s.hi[j]
		if a < 0 {
			l, h = h, l
		}
		lo += l
		hi += h
		big = max(big, size(l, h))
	}
	if m.upper {
		return at-lo <= zeroTol*big
	}
	return hi-at <= zeroTol*big
}

// clone copies a propagator whose trail is at the root.
func (s *propagator) clone() *propagator {
	c := func(s []float64) []float64 { return append([]float64(nil), s...) }
	return &propagator{p: s.p, lo: c(s.lo), hi: c(s.hi), rlo: c(s.rlo), rhi: c(s.rhi), fixed: append([]uint8(nil), s.fixed...),
		queued: make([]bool, len(s.queued))}
}
