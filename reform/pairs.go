package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// collectPairs lists the pairs of all followers, family by family. The first member of each is the multiplier (a column, or the
// stationarity row whose slack is one), the second the slack in the follower's problem.
func (s *stationarity) collectPairs() []pairList {
	var out []pairList
	for r := 0; r < len(s.upper); {
		kind := s.sides(r)
		if kind == 0 || kind == sideEqual {
			r++
			continue
		}
		e := r + 1
		for e < len(s.upper) && s.sides(e) == kind && s.old.SameFamily(r, e) {
			e++
		}
		if kind&sideUpper != 0 {
			out = append(out, s.rowPairs("c_", r, e, model.AtUpper, s.upper))
		}
		if kind&sideLower != 0 {
			prefix := "c_"
			if kind&sideUpper != 0 {
				prefix = "cl_"
			}
			out = append(out, s.rowPairs(prefix, r, e, model.AtLower, s.lower))
		}
		r = e
	}
	for j := 0; j < len(s.statRow); {
		kind := s.boundKind(j)
		if kind == 0 {
			j++
			continue
		}
		e := j + 1
		for e < len(s.statRow) && s.boundKind(e) == kind && s.old.SameVarFamily(j, e) {
			e++
		}
		out = append(out, s.boundPairs(j, e, kind)...)
		j = e
	}
	return out
}

// rowPairs pairs the multipliers of constraints r to e-1 with the slacks of one side.
func (s *stationarity) rowPairs(prefix string, r, e int, side model.Side, mult []multiplier) pairList {
	l := pairList{base: prefix + s.old.RowBase(r), player: s.old.RowOwner(r), list: make([]model.Pair, 0, e-r)}
	if e-r > 1 || s.old.RowSub(r) != "" {
		l.sub = func(k int) string { return s.old.RowSub(r + k) }
	}
	for i := r; i < e; i++ {
		a := model.Member{Side: model.AtLower, Index: mult[i].col} // u >= 0
		if mult[i].sign < 0 {
			a.Side = model.AtUpper // -d >= 0
		}
		l.list = append(l.list, model.Pair{A: a, B: model.Member{Row: true, Side: side, Index: int32(i)}})
		l.steer = steer(l.steer, i-r, e-r, s.old.RowSteer(i))
	}
	return l
}

// steer stores the wish of member k; the slice is made when the first wish comes.
func steer(list []model.Steer, k, n int, st model.Steer) []model.Steer {
	if st == (model.Steer{}) {
		return list
	}
	if list == nil {
		list = make([]model.Steer, n)
	}
	list[k] = st
	return list
}

// boundKind says which finite bounds a follower's variable that is not fixed has.
func (s *stationarity) boundKind(j int) int {
	if s.statRow[j] < 0 {
		return 0
	}
	lo, hi := s.old.VarBounds(j)
	kind := 0
	if !math.IsInf(lo, -1) {
		kind |= sideLower
	}
	if !math.IsInf(hi, 1) {
		kind |= sideUpper
	}
	return kind
}

// boundPairs pairs the multipliers of the bounds of variables j to e-1 with the slacks of the bounds.
func (s *stationarity) boundPairs(j, e, kind int) []pairList {
	var sub func(k int) string
	if e-j > 1 || s.old.VarSub(j) != "" {
		sub = func(k int) string { return s.old.VarSub(j + k) }
	}
	base, player := s.old.VarBase(j), s.old.VarOwner(j)
	one := func(prefix string, pair func(i int) model.Pair) pairList {
		l := pairList{base: prefix + base, sub: sub, player: player, list: make([]model.Pair, 0, e-j)}
		for i := j; i < e; i++ {
			l.list = append(l.list, pair(i))
			l.steer = steer(l.steer, i-j, e-j, s.old.VarSteer(i))
		}
		return l
	}
	stat := func(i int, side model.Side) model.Member {
		return model.Member{Row: true, Side: side, Index: s.statRow[i]}
	}
	if kind == sideUpper {
		return []pairList{one("b_", func(i int) model.Pair {
			return model.Pair{A: stat(i, model.AtUpper), B: model.Member{Side: model.AtUpper, Index: int32(i)}}
		})}
	}
	out := []pairList{one("b_", func(i int) model.Pair {
		return model.Pair{A: stat(i, model.AtLower), B: model.Member{Side: model.AtLower, Index: int32(i)}}
	})}
	if kind&sideUpper != 0 {
		out = append(out, one("bu_", func(i int) model.Pair {
			return model.Pair{A: model.Member{Side: model.AtLower, Index: s.upperBoundMult[i]}, B: model.Member{Side: model.AtUpper, Index: int32(i)}}
		}))
	}
	return out
}
