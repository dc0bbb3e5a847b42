package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// addOpposed notes pairs of multipliers that may be taken to be complementary. Let several constraints and bounds hold one follower's
// variable y_j, and no other variable of the follower, from above, with multipliers u_i >= 0 and coefficients a_i > 0, and others from below, with
// w_k >= 0 and b_k > 0. They enter one stationarity row, as Σ a_i u_i - Σ b_k w_k, and no other. Lowering a positive u_i and a
// positive w_k together, a_i and b_k to the same effect, keeps that row and all pairs, so that some optimal multiplier has
//
//	u_i w_k = 0 for all i and k.
//
// It removes the rays along which both grow, which is what keeps multipliers without bound in relaxations. The values of x and y are
// not affected; a multiplier that the model names as a variable may be, and is left out, and so is a variable of a nonlinear row.
func (s *stationarity) addOpposed() {
	above, below := map[int32][]model.Member{}, map[int32][]model.Member{}
	named := s.namedMultipliers()
	for r := range s.upper {
		if !s.hasOwn[r] || !s.old.RowIsAffine(r) || s.sides(r) == sideEqual || named[r] {
			continue
		}
		j, c := s.onlyOwn(r)
		if j < 0 || s.statRow[j] < 0 {
			continue
		}
		if u := s.upper[r]; u.col >= 0 {
			member := model.Member{Side: model.AtLower, Index: u.col}
			if c > 0 {
				above[j] = append(above[j], member)
			} else {
				below[j] = append(below[j], member)
			}
		}
		if w := s.lower[r]; w.col >= 0 {
			member := model.Member{Side: model.AtLower, Index: w.col}
			if c > 0 {
				below[j] = append(below[j], member)
			} else {
				above[j] = append(above[j], member)
			}
		}
	}
	for j := range s.statRow {
		if s.statRow[j] < 0 {
			continue
		}
		up, down := above[int32(j)], below[int32(j)]
		lo, hi := s.old.VarBounds(j)
		row := model.Member{Row: true, Index: s.statRow[j]}
		if !math.IsInf(lo, -1) { // the multiplier is the slack of the stationarity row
			row.Side = model.AtLower
			down = append(down, row)
		} else if !math.IsInf(hi, 1) {
			row.Side = model.AtUpper
			up = append(up, row)
		}
		if d := s.upperBoundMult[j]; d >= 0 {
			up = append(up, model.Member{Side: model.AtLower, Index: d})
		}
		if len(up)*len(down) > maxOpposed {
			continue
		}
		for _, a := range up {
			for _, b := range down {
				s.m.AddImplied(model.Pair{A: a, B: b})
			}
		}
	}
}

// maxOpposed is the largest number of pairs that are noted for one variable.
const maxOpposed = 16

// onlyOwn returns the one variable of a constraint that its follower decides, and its coefficient; -1 where there are several.
func (s *stationarity) onlyOwn(r int) (int32, float64) {
	owner := s.old.RowOwner(r)
	idx, val := s.old.RowAffine(r)
	found, coef := int32(-1), 0.0
	for k, j := range idx {
		if s.old.VarOwner(int(j)) != owner {
			continue
		}
		if found >= 0 {
			return -1, 0
		}
		found, coef = j, val[k]
	}
	return found, coef
}

// namedMultipliers are the constraints whose shadow price is a variable of the model.
func (s *stationarity) namedMultipliers() map[int]bool {
	named := map[int]bool{}
	for _, j := range s.old.DualVars() {
		r, _ := s.old.DualOf(j)
		named[r] = true
	}
	return named
}
