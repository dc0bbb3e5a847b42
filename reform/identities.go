package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// identities are products that vanish at every point that satisfies the conditions of the followers, written out in the variables of the
// model and in one more for each multiplier. For a follower min f(y) s.t. lo <= g(y) <= hi, l <= y <= h, all affine but f, which may be
// convex quadratic, and with the multipliers of KKT, they are
//
//	u (hi - g) = 0,   w (g - lo) = 0,   v (hi - g) = 0 for an equation,
//	(∂L/∂y_j + d_j) (y_j - l_j) = 0,   d_j (h_j - y_j) = 0,
//
// with ∂L/∂y_j (y_j - h_j) where y_j has only an upper bound, and ∂L/∂y_j y_j where it has none. A variable with equal bounds counts as a
// number and has no identity.
//
// In their sum, products of a multiplier with a variable of the follower cancel: g's term a y_j stands in the identity of the
// constraint with -a u and in that of y_j with a u. This is strong duality. A sum with other weights leaves what it is meant to leave.
type identities struct {
	m      *model.Model
	list   []model.Function
	kinds  []int  // by constraint: its sides, 0 where it has no multiplier
	suited []bool // by player: whether it is a follower with identities
}

// The multipliers have numbers beyond those of the variables: two a constraint, one a variable.
func (s *identities) upperSide(r int) int  { return s.m.NumVars() + 2*r }
func (s *identities) lowerSide(r int) int  { return s.m.NumVars() + 2*r + 1 }
func (s *identities) upperBound(j int) int { return s.m.NumVars() + 2*s.m.NumRows() + j }

// newIdentities writes the identities of all followers that are linear or convex quadratic.
func newIdentities(m *model.Model) *identities {
	s := &identities{m: m, kinds: make([]int, m.NumRows()), suited: make([]bool, m.NumPlayers())}
	suited := s.suited
	for p, c := range m.Classify().Followers {
		suited[p+1] = c.Class <= model.ConvexQuadratic && c.Integers == 0 && c.Convex == model.Yes && m.Player(p+1).Objective().F.IsQuadratic()
	}
	for r := range s.kinds { // a leader's variable may multiply a follower's in a constraint
		if !m.RowIsAffine(r) {
			suited[m.RowOwner(r)] = false
		}
	}
	own := func(j int) int { // the suited follower who decides variable j, 0 where there is none
		_, dual := m.DualOf(j)
		if p := m.VarOwner(j); !dual && suited[p] {
			return p
		}
		return 0
	}
	gradient := make([]*model.Accumulator, m.NumVars())
	for j := range gradient {
		if lo, hi := m.VarBounds(j); own(j) > 0 && lo < hi {
			gradient[j] = m.Accumulator()
		}
	}
	add := func(j, p int, c float64, k int) {
		if gradient[j] != nil && own(j) == p {
			gradient[j].AddTerm(c, k)
		}
	}
	for p := 1; p < m.NumPlayers(); p++ {
		if !suited[p] {
			continue
		}
		o := m.Player(p).Objective()
		σ := o.Sense.Sign()
		for k, j := range o.F.Vars {
			if gradient[j] != nil && own(int(j)) == p {
				gradient[j].AddConst(σ * o.F.Coefs[k])
			}
		}
		for _, q := range o.F.Quad {
			add(int(q.I), p, σ*q.Coef, int(q.J))
			add(int(q.J), p, σ*q.Coef, int(q.I))
		}
	}
	for r := range s.kinds {
		p := m.RowOwner(r)
		if !suited[p] {
			continue
		}
		idx, val := m.RowAffine(r)
		has := false
		for _, j := range idx {
			has = has || own(int(j)) == p
		}
		if !has {
			continue
		}
		s.kinds[r] = sidesOf(m.RowBounds(r))
		for k, j := range idx {
			if s.kinds[r]&(sideUpper|sideEqual) != 0 {
				add(int(j), p, val[k], s.upperSide(r))
			}
			if s.kinds[r]&sideLower != 0 {
				add(int(j), p, -val[k], s.lowerSide(r))
			}
		}
		s.addRow(r)
	}
	for j, g := range gradient {
		if g != nil {
			s.addVariable(j, g)
		}
	}
	return s
}

// sidesOf says which sides a constraint between two bounds has.
func sidesOf(lo, hi float64) int {
	switch {
	case lo == hi:
		return sideEqual
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return 0
	case math.IsInf(lo, -1):
		return sideUpper
	case math.IsInf(hi, 1):
		return sideLower
	}
	return sideUpper | sideLower
}

// times adds the identity f g = 0.
func (s *identities) times(f, g model.Function) {
	acc := s.m.Accumulator()
	acc.AddMul(1, s.withoutFixed(f), s.withoutFixed(g))
	s.list = append(s.list, acc.Function())
}

// one is c x_k + b.
func one(c float64, k int, b float64) model.Function {
	return model.Function{Const: b, Vars: []int32{int32(k)}, Coefs: []float64{c}}
}

func (s *identities) addRow(r int) {
	lo, hi := s.m.RowBounds(r)
	side := func(k int, c, b float64) { // x_k (c g + b)
		acc := s.m.Accumulator()
		acc.AddFunction(c, s.m.RowFunction(r))
		acc.AddConst(b)
		s.times(one(1, k, 0), acc.Function())
	}
	if s.kinds[r]&(sideUpper|sideEqual) != 0 {
		side(s.upperSide(r), -1, hi)
	}
	if s.kinds[r]&sideLower != 0 {
		side(s.lowerSide(r), 1, -lo)
	}
}

func (s *identities) addVariable(j int, g *model.Accumulator) {
	lo, hi := s.m.VarBounds(j)
	switch {
	case !math.IsInf(lo, -1) && !math.IsInf(hi, 1):
		g.AddTerm(1, s.upperBound(j))
		s.times(g.Function(), one(1, j, -lo))
		s.times(one(1, s.upperBound(j), 0), one(-1, j, hi))
	case !math.IsInf(lo, -1):
		s.times(g.Function(), one(1, j, -lo))
	case !math.IsInf(hi, 1):
		s.times(g.Function(), one(1, j, -hi))
	default:
		s.times(g.Function(), one(1, j, 0))
	}
}

// withoutFixed puts the values of variables with equal bounds into an affine function.
func (s *identities) withoutFixed(f model.Function) model.Function {
	acc := s.m.Accumulator()
	acc.AddConst(f.Const)
	for k, j := range f.Vars {
		if v, fixed := s.fixed(int(j)); fixed {
			acc.AddConst(f.Coefs[k] * v)
		} else {
			acc.AddTerm(f.Coefs[k], int(j))
		}
	}
	return acc.Function()
}

// fixed is the value of a variable with equal bounds.
func (s *identities) fixed(j int) (float64, bool) {
	if j >= s.m.NumVars() {
		return 0, false
	}
	lo, hi := s.m.VarBounds(j)
	return lo, lo == hi
}

// expand writes a variable of the leader's in terms of the multipliers: itself, or, for the shadow price of a constraint, what
// stationarity.dualAsMultiplier says.
func (s *identities) expand(j int) model.Function {
	if v, fixed := s.fixed(j); fixed {
		return model.Function{Const: v}
	}
	r, dual := s.m.DualOf(j)
	if !dual || s.m.RowOwner(r) == 0 {
		return one(1, j, 0)
	}
	owner := s.m.RowOwner(r)
	σ := s.m.Player(owner).Objective().Sense.Sign()
	switch s.kinds[r] {
	case sideUpper, sideEqual:
		return one(-σ, s.upperSide(r), 0)
	case sideLower:
		return one(σ, s.lowerSide(r), 0)
	case sideUpper | sideLower:
		return model.Function{Vars: []int32{int32(s.upperSide(r)), int32(s.lowerSide(r))}, Coefs: []float64{-σ, σ}}
	}
	if s.suited[owner] { // the constraint holds nothing that its follower decides, or has no side
		return model.Function{}
	}
	return one(1, j, 0)
}

// isMultiplier reports whether k is the number of a multiplier.
func (s *identities) isMultiplier(k int32) bool { return int(k) >= s.m.NumVars() }

// isLeaders reports whether k is a decision of the leader.
func (s *identities) isLeaders(k int32) bool {
	return !s.isMultiplier(k) && s.m.VarOwner(int(k)) == 0
}
