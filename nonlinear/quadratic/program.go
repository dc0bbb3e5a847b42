// Package quadratic has small dense quadratic programs for methods that solve one in each step,
//
//	min g'd + ½ d'Hd  subject to  L <= A d <= U,  l <= d <= u,
//
// as programs of model/smooth, and sets of bounds and affine constraints with projections on them.
package quadratic

import (
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// Program is the quadratic program of the package comment. Its parts are set before it is first solved.
type Program struct {
	N            int
	H            *dense.Matrix
	G            []float64
	Lower, Upper []float64

	rows                     [][]float64
	rowLower, rowUpper       []float64
	jacR, jacC, hessR, hessC []int32
}

// New is a program in n variables without bounds, with H and g zero.
func New(n int) *Program {
	q := &Program{N: n, H: dense.New(n, n), G: make([]float64, n), Lower: make([]float64, n), Upper: make([]float64, n)}
	for j := range n {
		q.Lower[j], q.Upper[j] = math.Inf(-1), math.Inf(1)
	}
	return q
}

var _ smooth.Program = (*Program)(nil)

// AddRow adds the constraint lo <= a'd <= hi. The slice is kept.
func (q *Program) AddRow(a []float64, lo, hi float64) {
	q.rows = append(q.rows, a)
	q.rowLower, q.rowUpper = append(q.rowLower, lo), append(q.rowUpper, hi)
}

// NumVars is n.
func (q *Program) NumVars() int { return q.N }

// NumRows is the number of constraints.
func (q *Program) NumRows() int { return len(q.rows) }

// Bounds are l and u.
func (q *Program) Bounds() (lower, upper []float64) { return q.Lower, q.Upper }

// RowBounds are L and U.
func (q *Program) RowBounds() (lower, upper []float64) { return q.rowLower, q.rowUpper }

// Clone shares everything, which nothing changes.
func (q *Program) Clone() smooth.Program { c := *q; return &c }

// JacobianPattern lists the places of A.
func (q *Program) JacobianPattern() (rows, cols []int32) { q.patterns(); return q.jacR, q.jacC }

// HessianPattern lists the places of the lower triangle of H.
func (q *Program) HessianPattern() (rows, cols []int32) { q.patterns(); return q.hessR, q.hessC }

// Hessian stores σ H.
func (q *Program) Hessian(_ []float64, sigma float64, _, vals []float64) {
	q.patterns()
	for k, i := range q.hessR {
		vals[k] = sigma * q.H.At(int(i), int(q.hessC[k]))
	}
}

// patterns lists the places once; rows are added before that.
func (q *Program) patterns() {
	if q.hessR != nil {
		return
	}
	q.hessR, q.hessC = []int32{}, []int32{}
	for i := range q.N {
		for j := 0; j <= i; j++ {
			if q.H.At(i, j) != 0 {
				q.hessR, q.hessC = append(q.hessR, int32(i)), append(q.hessC, int32(j))
			}
		}
	}
	for r, a := range q.rows {
		for j, v := range a {
			if v != 0 {
				q.jacR, q.jacC = append(q.jacR, int32(r)), append(q.jacC, int32(j))
			}
		}
	}
}

// Objective is the value at x.
func (q *Program) Objective(x []float64) float64 {
	v := 0.0
	for i := range q.N {
		v += x[i] * (q.G[i] + 0.5*dense.Dot(q.H.Row(i), x))
	}
	return v
}

// Gradient stores g + H x.
func (q *Program) Gradient(x, g []float64) {
	for i := range q.N {
		g[i] = q.G[i] + dense.Dot(q.H.Row(i), x)
	}
}

// Rows stores A x.
func (q *Program) Rows(x, c []float64) {
	for r, a := range q.rows {
		c[r] = dense.Dot(a, x)
	}
}

// Jacobian stores A.
func (q *Program) Jacobian(_, vals []float64) {
	q.patterns()
	for k, r := range q.jacR {
		vals[k] = q.rows[r][q.jacC[k]]
	}
}
