package quadratic_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/quadratic"
)

// TestProgram solves a quadratic program whose answer is known by hand: the point of x + y = 2, x <= 1/2 next to (2, 1) in a skewed distance.
func TestProgram(t *testing.T) {
	q := quadratic.New(2)
	q.H.Set(0, 0, 2)
	q.H.Set(1, 1, 4)
	q.H.Set(0, 1, 1)
	q.H.Set(1, 0, 1)
	q.G[0], q.G[1] = -5, -6 // minus H (2, 1)
	q.Upper[0] = 0.5
	q.AddRow([]float64{1, 1}, 2, 2)
	a, err := (&newton.Solver{}).Solve(context.Background(), q, smooth.Start{X: make([]float64, 2)}, smooth.Options{})
	if err != nil || !a.Solved() || math.Abs(a.X[0]-0.5) > 1e-9 || math.Abs(a.X[1]-1.5) > 1e-9 {
		t.Fatalf("%v %+v", err, a)
	}
	// Along the line d = (1, -1) the derivative at (1/2, 3/2) is 2x + y - 5 - (x + 4y - 6) = x - 3y + 1 = -3: the bound holds it.
	if math.Abs(a.Upper[0]-3) > 1e-7 {
		t.Errorf("the multiplier of the bound is %v, want 3", a.Upper[0])
	}
}

// TestProject projects on a box and on a triangle.
func TestProject(t *testing.T) {
	s := &quadratic.Set{Lower: []float64{0, 0}, Upper: []float64{math.Inf(1), 3}}
	for _, c := range []struct {
		rows     bool
		from, to []float64
	}{
		{false, []float64{-1, 5}, []float64{0, 3}},
		{true, []float64{2, 2}, []float64{0.5, 0.5}},
		{true, []float64{3, 0}, []float64{1, 0}},
		{true, []float64{-1, -1}, []float64{0, 0}},
	} {
		if s.Rows = nil; c.rows {
			s.Rows, s.RowLower, s.RowUpper = [][]float64{{1, 1}}, []float64{math.Inf(-1)}, []float64{1}
		}
		got := s.Project(context.Background(), &newton.Solver{}, c.from)
		for j := range c.to {
			if got == nil || math.Abs(got[j]-c.to[j]) > 1e-8 {
				t.Errorf("%v goes to %v, want %v", c.from, got, c.to)
				break
			}
		}
	}
	s.RowUpper[0] = -1
	if got := s.Project(context.Background(), &newton.Solver{}, []float64{1, 1}); got != nil {
		t.Errorf("a point %v of the empty set", got)
	}
}
