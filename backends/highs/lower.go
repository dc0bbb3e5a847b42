package highs

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// Lower writes a model as arrays: variable j becomes column j and constraint i row i. It takes O(variables + constraints + nonzeros) time
// and one allocation an array. The error is of type *backends.UnsupportedError for anything but a linear or quadratic
// objective, affine constraints and integer variables, or *ArrayError for a model with 2^31 nonzeros or more. Whether a quadratic part is
// convex is not looked at.
func Lower(m *model.Model) (*Arrays, error) {
	n, rows := m.NumVars(), m.NumRows()
	if err := lowerable(m); err != nil {
		return nil, err
	}
	nonzeros := m.NumNonzeros()
	if nonzeros > math.MaxInt32 || n > math.MaxInt32 || rows > math.MaxInt32-1 {
		return nil, &ArrayError{"Value", -1, fmt.Sprintf("%d nonzeros, %d rows and %d columns are more than the solver's 32-bit indices reach", nonzeros, rows, n)}
	}
	a := &Arrays{
		Cost: make([]float64, n), ColLower: make([]float64, n), ColUpper: make([]float64, n),
		RowLower: make([]float64, rows), RowUpper: make([]float64, rows),
		Start: make([]int32, rows+1), Index: make([]int32, nonzeros), Value: make([]float64, nonzeros),
	}
	for j := range n {
		a.ColLower[j], a.ColUpper[j] = m.VarBounds(j)
		if m.VarKind(j) == model.Continuous {
			continue
		}
		if a.Integer == nil {
			a.Integer = make([]bool, n)
		}
		a.Integer[j] = true
	}
	at := 0
	for i := range rows {
		a.RowLower[i], a.RowUpper[i] = m.RowBounds(i)
		vars, coefs := m.RowAffine(i)
		copy(a.Index[at:], vars)
		at += copy(a.Value[at:], coefs)
		a.Start[i+1] = int32(at)
	}
	o := m.Leader().Objective()
	a.Maximize, a.Offset = o.Sense == model.Maximize, o.F.Const
	for k, j := range o.F.Vars {
		a.Cost[j] = o.F.Coefs[k]
	}
	a.lowerQuadratic(o.F.Quad)
	return a, nil
}

// lowerQuadratic stores the terms, which are sorted by (I, J) with I <= J and stand for Coef x_I x_J each, as the lower triangle by columns.
func (a *Arrays) lowerQuadratic(quad []model.QuadTerm) {
	if len(quad) == 0 {
		return
	}
	n := a.NumCols()
	a.QStart, a.QIndex, a.QValue = make([]int32, n+1), make([]int32, len(quad)), make([]float64, len(quad))
	for k, q := range quad {
		a.QStart[q.I+1]++
		a.QIndex[k], a.QValue[k] = q.J, q.Coef
		if q.I == q.J {
			a.QValue[k] *= 2
		}
	}
	for j := range n {
		a.QStart[j+1] += a.QStart[j]
	}
}

// lowerable returns an *UnsupportedError where the model holds what arrays do not.
func lowerable(m *model.Model) error {
	var found model.Constructs
	o := m.Leader().Objective().F
	if o.Nonlinear != 0 {
		found |= model.NonlinearFunctions
	}
	if m.NumFollowers() > 0 {
		found |= model.Followers
	}
	if m.NumPairs() > 0 {
		found |= model.Complementarity
	}
	if len(m.SOS1Sets()) > 0 {
		found |= model.SOS1Sets
	}
	if len(m.Indicators()) > 0 {
		found |= model.IndicatorRows
	}
	for i := range m.NumRows() {
		if !m.RowIsAffine(i) {
			if f := m.RowFunction(i); f.IsQuadratic() {
				found |= model.QuadraticRows
			} else {
				found |= model.NonlinearFunctions
			}
			break
		}
	}
	if found != 0 {
		return &backends.UnsupportedError{Backend: name, Construct: found, Where: m.Where(found)}
	}
	return nil
}
