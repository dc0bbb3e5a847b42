package quadratic

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// Identity is c times the unit matrix.
func Identity(n int, c float64) *dense.Matrix {
	h := dense.New(n, n)
	for i := range n {
		h.Set(i, i, c)
	}
	return h
}

// Set is the set of all x within bounds that satisfy affine constraints RowLower <= Rows x <= RowUpper.
type Set struct {
	Lower, Upper       []float64
	Rows               [][]float64
	RowLower, RowUpper []float64
}

// Shifted is the program on the set of all d with x + d in s, and `more` variables without bounds after d. A variable that is outside of its bounds by
// rounding may stay.
func (s *Set) Shifted(x []float64, more int) *Program {
	n := len(x)
	q := New(n + more)
	for j := range n {
		q.Lower[j], q.Upper[j] = math.Min(s.Lower[j]-x[j], 0), math.Max(s.Upper[j]-x[j], 0)
	}
	for r, a := range s.Rows {
		at := dense.Dot(a, x)
		q.AddRow(append(append([]float64(nil), a...), make([]float64, more)...), s.RowLower[r]-at, s.RowUpper[r]-at)
	}
	return q
}

// Clip is x moved into the bounds.
func (s *Set) Clip(x []float64) []float64 {
	out := make([]float64, len(x))
	for j, v := range x {
		out[j] = math.Min(math.Max(v, s.Lower[j]), s.Upper[j])
	}
	return out
}

// Project is the point of s next to x, by bounds alone where there are no rows and by a quadratic program otherwise; nil where s is empty or the
// solver fails.
func (s *Set) Project(ctx context.Context, solver smooth.Solver, x []float64) []float64 {
	if len(s.Rows) == 0 {
		return s.Clip(x)
	}
	q := New(len(x))
	copy(q.Lower, s.Lower)
	copy(q.Upper, s.Upper)
	for r, a := range s.Rows {
		q.AddRow(a, s.RowLower[r], s.RowUpper[r])
	}
	q.H = Identity(len(x), 1)
	for j, v := range x {
		q.G[j] = -v
	}
	a, err := solver.Solve(ctx, q, smooth.Start{X: s.Clip(x)}, smooth.Options{MaxIterations: 300})
	if err != nil || !a.Solved() {
		return nil
	}
	return s.Clip(a.X)
}
