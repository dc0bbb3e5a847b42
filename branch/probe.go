package branch

import (
	"context"
	"math"
	"time"
)

// probe fixes members of pairs and tightens bounds by looking at what each alternative implies.
//
// For a pair 0 <= a ⟂ b >= 0 propagate a = 0, then b = 0:
//
//	(i)   one is infeasible: the other holds;
//	(ii)  a = 0 also gives b = 0: then b = 0 holds on both sides;
//	(iii) a bound that holds on both sides holds.
//
// For a row that needs at least one of a few members of pairs to be positive (a demand that some flow has to meet), one of the
// partners is zero: the hull of what each alternative implies holds. The follower's constraints stay in place: only statements about
// points that are bilevel-feasible are derived.
func (s *propagator) probe(ctx context.Context, budget time.Duration) (rounds int) {
	until := time.Now().Add(budget)
	stop := func() bool { return s.infeasible || ctx.Err() != nil || time.Now().After(until) }
	for r := range s.rlo {
		s.push(int32(r))
	}
	if !s.run() {
		return 0
	}
	h := newHull(len(s.lo))
	defer func() { s.limit = 0 }()
	for _, s.limit = range probeLimits {
		for changed := true; changed && rounds < 20 && !stop(); {
			rounds++
			changed = false
			for r := int32(0); int(r) < len(s.rlo) && !stop(); r++ {
				if alternatives := s.disjunction(r); len(alternatives) > 0 {
					changed = s.tryAll(alternatives, h) || changed
				}
			}
			for k := 0; k < len(s.fixed) && !stop(); k++ {
				if s.fixed[k] == 0 {
					changed = s.tryAll([]alternative{{k, 0}, {k, 1}}, h) || changed
				}
			}
		}
	}
	return rounds
}

// probeLimits are the numbers of entries of rows that one alternative may look at, in this order: most of what there is to find is near
// the pair, and what is far from it, through variables that all blocks share, gives little for much work.
var probeLimits = []int{200, 4000}

// alternative is that a member of a pair is zero.
type alternative struct{ pair, side int }

// tryAll propagates each alternative, of which one holds, and keeps what all of those that are possible have in common. It reports
// whether a member was fixed or a bound became much better.
func (s *propagator) tryAll(list []alternative, h *hull) bool {
	h.reset()
	var possible []alternative
	both := len(list) == 2 && list[0].pair == list[1].pair
	forced := [2]bool{}
	for _, a := range list {
		mark := s.mark()
		s.fix(a.pair, a.side)
		ok := s.run()
		if ok {
			possible = append(possible, a)
			h.add(s, mark)
			if both {
				forced[a.side] = s.zero(s.p.pairs[a.pair][1-a.side])
			}
		}
		s.undo(mark)
	}
	before := len(s.trail)
	switch len(possible) {
	case 0:
		s.infeasible = true
		return true
	case 1:
		s.fix(possible[0].pair, possible[0].side)
	default:
		if both {
			for side, f := range forced {
				if f { // the member of this side being zero makes the other zero, too: the other is zero in both cases
					s.fix(list[0].pair, 1-side)
				}
			}
		}
	}
	fixed := len(s.trail) > before
	better := h.apply(s)
	s.run()
	return fixed || better
}

// maxAlternatives is the largest number of members in a row for which the hull of alternatives is taken.
const maxAlternatives = 8

// disjunction returns the partners of which one is zero because a row needs at least one of its members of pairs to be positive.
func (s *propagator) disjunction(r int32) []alternative {
	var list []alternative
	for _, upper := range [2]bool{false, true} { // row >= rlo > what is possible with all members zero; row <= rhi likewise
		need := s.rlo[r]
		if upper {
			need = -s.rhi[r]
		}
		if math.IsInf(need, 0) {
			continue
		}
		list = list[:0]
		best, big := 0.0, 1.0 // the largest value of the rest
		for k := s.p.start[r]; k < s.p.start[r+1]; k++ {
			a, j := s.p.val[k], s.p.idx[k]
			if upper {
				a = -a
			}
			v := a * s.hi[j]
			if a < 0 {
				v = a * s.lo[j]
			}
			if ref, ok := s.memberAt(j, a > 0); ok {
				list = append(list, ref)
				v = a * s.p.at(s.p.pairs[ref.pair][1-ref.side])
			}
			best += v
			big = math.Max(big, size(v))
		}
		if len(list) > 1 && len(list) <= maxAlternatives && best < need-positiveTol*math.Max(big, size(need)) {
			return list
		}
	}
	return nil
}

// memberAt finds an open pair of which column j is a member that is zero at its lower bound (at its upper bound where up is false), and
// returns the alternative that its partner is zero.
func (s *propagator) memberAt(j int32, up bool) (alternative, bool) {
	for _, ref := range s.p.colPairs[j] {
		m := s.p.pairs[ref>>1][ref&1]
		if s.fixed[ref>>1] == 0 && m.upper != up {
			return alternative{int(ref >> 1), int(ref&1) ^ 1}, true
		}
	}
	return alternative{}, false
}

// hull collects the bounds that several alternatives have in common.
type hull struct {
	lo, hi []float64
	seen   []int
	cols   []int32
	n      int
}

func newHull(n int) *hull {
	return &hull{lo: make([]float64, n), hi: make([]float64, n), seen: make([]int, n)}
}

func (h *hull) reset() {
	for _, j := range h.cols {
		h.seen[j] = 0
	}
	h.cols, h.n = h.cols[:0], 0
}

// add takes in the bounds of the columns that changed since mark.
func (h *hull) add(s *propagator, mark int) {
	h.n++
	for _, c := range s.trail[mark:] {
		if c.what > colHi || h.seen[c.idx] == h.n {
			continue
		}
		j := c.idx
		switch h.seen[j] {
		case h.n - 1:
			if h.n == 1 {
				h.cols = append(h.cols, j)
				h.lo[j], h.hi[j] = s.lo[j], s.hi[j]
			} else {
				h.lo[j], h.hi[j] = math.Min(h.lo[j], s.lo[j]), math.Max(h.hi[j], s.hi[j])
			}
			h.seen[j] = h.n
		}
	}
}

// apply tightens the bounds to the hull, and reports whether one became much better.
func (h *hull) apply(s *propagator) bool {
	better := false
	for _, j := range h.cols {
		if h.seen[j] != h.n || s.infeasible {
			continue
		}
		width := s.hi[j] - s.lo[j]
		if v := h.hi[j]; v < s.hi[j]-leastGain(width, v) {
			better = true
			s.setHi(j, v)
		}
		if v := h.lo[j]; v > s.lo[j]+leastGain(width, v) {
			better = true
			s.setLo(j, v)
		}
	}
	return better
}
