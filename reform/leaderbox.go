package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// leaderBox bounds the leader's variables by what the constraints of both levels leave of their declared bounds, with whole numbers for
// integer variables: a budget of nothing makes decisions zero. All constraints hold at every bilevel-feasible point; the bounds are used
// in inequalities alone, so that the followers' problems stay what they are.
func leaderBox(m *model.Model) (lo, hi []float64) {
	leaders := make([]bool, m.NumVars())
	for j := range leaders {
		leaders[j] = m.VarOwner(j) == 0
	}
	return impliedBox(m, leaders)
}

// ImpliedBox bounds all variables by what the affine constraints of both levels leave of their declared bounds.
func ImpliedBox(m *model.Model) (lo, hi []float64) {
	all := make([]bool, m.NumVars())
	for j := range all {
		all[j] = true
	}
	return impliedBox(m, all)
}

// impliedBox tightens the bounds of the variables for which wanted is true.
func impliedBox(m *model.Model, wanted []bool) (lo, hi []float64) {
	lo, hi = make([]float64, m.NumVars()), make([]float64, m.NumVars())
	for j := range lo {
		lo[j], hi[j] = m.VarBounds(j)
	}
	for range boxRounds {
		changed := false
		for r := 0; r < m.NumRows(); r++ {
			if !m.RowIsAffine(r) {
				continue
			}
			idx, val := m.RowAffine(r)
			any := false
			for _, j := range idx {
				any = any || wanted[j] && lo[j] < hi[j]
			}
			if !any {
				continue
			}
			rlo, rhi := m.RowBounds(r)
			least, most := rowRange(idx, val, lo, hi)
			for k, j := range idx {
				if !wanted[j] || lo[j] >= hi[j] {
					continue
				}
				a := val[k]
				// a x_j <= rhi - least of the others, >= rlo - most of the others
				up, down := (rhi-least.without(a, lo[j], hi[j]))/a, (rlo-most.without(-a, lo[j], hi[j]))/a
				if a < 0 {
					up, down = down, up
				}
				changed = tighten(m, int(j), down, up, lo, hi) || changed
			}
		}
		if !changed {
			break
		}
	}
	return lo, hi
}

// boxRounds is how often leaderBox goes through the constraints.
const boxRounds = 4

// extreme is the smallest or largest value of a sum: its finite part and the number of terms without limit.
type extreme struct {
	sum  float64
	open int
	sign float64 // 1 for the smallest, -1 for the largest
}

// without is the extreme value of the sum without the term a x, lo <= x <= hi; a is the coefficient times sign.
func (e extreme) without(a, lo, hi float64) float64 {
	end := lo
	if a < 0 {
		end = hi
	}
	if math.IsInf(end, 0) {
		if e.open == 1 {
			return e.sum
		}
		return math.Inf(int(-e.sign))
	}
	if e.open > 0 {
		return math.Inf(int(-e.sign))
	}
	return e.sum - e.sign*a*end
}

// rowRange is the smallest and the largest value of a sum of terms.
func rowRange(idx []int32, val, lo, hi []float64) (least, most extreme) {
	least.sign, most.sign = 1, -1
	add := func(e *extreme, a, end float64) {
		if math.IsInf(end, 0) {
			e.open++
		} else {
			e.sum += a * end
		}
	}
	for k, j := range idx {
		a := val[k]
		if a > 0 {
			add(&least, a, lo[j])
			add(&most, a, hi[j])
		} else {
			add(&least, a, hi[j])
			add(&most, a, lo[j])
		}
	}
	return least, most
}

// tighten takes over bounds that are better, a little wider than found; a contradiction is left to the solver.
func tighten(m *model.Model, j int, down, up float64, lo, hi []float64) bool {
	if math.IsNaN(down) || math.IsNaN(up) {
		return false
	}
	if m.VarKind(j) != model.Continuous {
		down, up = math.Ceil(down-1e-6), math.Floor(up+1e-6)
	} else {
		down, up = down-1e-9*math.Max(1, math.Abs(down)), up+1e-9*math.Max(1, math.Abs(up))
	}
	changed := false
	if down > lo[j]+1e-6*math.Max(1, math.Abs(down)) && down <= hi[j] {
		lo[j], changed = down, true
	}
	if up < hi[j]-1e-6*math.Max(1, math.Abs(up)) && up >= lo[j] {
		hi[j], changed = up, true
	}
	return changed
}

// box is the range of a variable of the new model: for the leader's, what leaderBox leaves.
func (s *stationarity) box(j int) (lo, hi float64) {
	if j >= s.old.NumVars() || s.old.VarOwner(j) != 0 {
		return s.m.VarBounds(j)
	}
	if s.boxLo == nil {
		s.boxLo, s.boxHi = leaderBox(s.old)
	}
	return s.boxLo[j], s.boxHi[j]
}

// substitute replaces the leader's variables that constraints fix, and variables with equal bounds, in products.
func (s *stationarity) substitute(f model.Function) model.Function {
	return substituteValues(s.m, f, s.box)
}
