package model

import "math"

// Value returns the value of a function at x, one entry a variable.
func (m *Model) Value(f Function, x []float64) float64 { return f.value(m.dag, x) }

// RowValue returns the value of the function of constraint r at x, without constant (see RowFunction).
func (m *Model) RowValue(r int, x []float64) float64 {
	if m.RowIsAffine(r) {
		idx, val := m.RowAffine(r)
		s := 0.0
		for k, j := range idx {
			s += val[k] * x[j]
		}
		if len(m.rows.shift) > 0 {
			s += m.rows.shift[int32(r)]
		}
		return s
	}
	return m.RowFunction(r).value(m.dag, x)
}

// ObjectiveValue returns the objective of player p at x, as declared; 0 where it has none.
func (m *Model) ObjectiveValue(p int, x []float64) float64 {
	return m.players[p].objective.F.value(m.dag, x)
}

// RowViolation is how far constraint r is from holding at x, in its own units: max(0, lo - f, f - hi). A value that is not a number
// violates without limit.
func (m *Model) RowViolation(r int, x []float64) float64 {
	lo, hi := m.RowBounds(r)
	return violation(lo, m.RowValue(r, x), hi)
}

// VarViolation is how far x_j is outside the bounds of variable j or, for an integer variable, from the nearest integer.
func (m *Model) VarViolation(j int, x float64) float64 {
	lo, hi := m.VarBounds(j)
	v := violation(lo, x, hi)
	if m.VarKind(j) != Continuous {
		v = math.Max(v, math.Abs(x-math.Round(x)))
	}
	return v
}

func violation(lo, v, hi float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return math.Max(0, math.Max(lo-v, v-hi))
}

// MemberValue returns the value of a member of a pair at x: its slack, or its value.
func (m *Model) MemberValue(s Member, x []float64) float64 {
	var v float64
	if s.Row {
		v = m.RowValue(int(s.Index), x)
	} else {
		v = x[s.Index]
	}
	lo, hi := m.memberBounds(s)
	switch s.Side {
	case AtLower:
		return v - lo
	case AtUpper:
		return hi - v
	}
	return v
}

// PairViolation is the residual of pair k at x, see PairResidual.
func (m *Model) PairViolation(k int, x []float64) float64 {
	p := m.pairs.list[k]
	return m.PairResidual(k, m.MemberValue(p.A, x), m.MemberValue(p.B, x))
}

// Point is a point of a model. X has one entry a variable. The duals are shadow prices: the change of the owner's objective, as
// declared, for one unit more on the right-hand side of a constraint or on the bound of a variable; nil where unknown.
type Point struct {
	X        []float64
	RowDuals []float64
	VarDuals []float64
}

// Clone returns a copy of the point.
func (p *Point) Clone() *Point {
	if p == nil {
		return nil
	}
	return &Point{X: clone(p.X), RowDuals: clone(p.RowDuals), VarDuals: clone(p.VarDuals)}
}

// StartPoint returns the start values, with zero projected on the bounds where none was given, and whether any was given.
func (m *Model) StartPoint() (x []float64, given bool) {
	x = make([]float64, m.NumVars())
	for j := range x {
		if s := m.vars.start[j]; !math.IsNaN(s) {
			x[j], given = s, true
			continue
		}
		x[j] = math.Min(math.Max(0, m.vars.lo[j]), m.vars.hi[j])
	}
	return x, given
}
