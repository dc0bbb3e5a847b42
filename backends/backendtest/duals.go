package backendtest

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// step is by how much a right-hand side is moved for a finite difference.
const step = 1e-3

// duals checks by finite differences that each dual is a shadow price: the change of the objective, as declared, for one unit more
// on the right-hand side of a constraint or on the bounds of a variable.
func (s *suite) duals(t *testing.T) {
	s.requiresThat(t, s.caps.Duals, "duals")
	compared := 0
	for _, table := range [][]problem{linearProblems, quadraticProblems} {
		for _, p := range table {
			if p.status == optimal && len(p.cost) > 0 && p.needs().Without(s.caps.Takes) == 0 {
				t.Run(p.name, func(t *testing.T) { compared += s.shadowPrices(t, p.form) })
			}
		}
	}
	for seed := range int64(12) {
		f := randomForm(rand.New(rand.NewSource(seed)), seed%2 == 1)
		if seed%3 == 2 {
			f = withCurvature(f)
		}
		if f.model().Constructs().Without(s.caps.Takes) == 0 {
			t.Run(fmt.Sprintf("random %d", seed), func(t *testing.T) { compared += s.shadowPrices(t, f) })
		}
	}
	if compared < 100 {
		t.Errorf("only %d duals were compared", compared)
	}
}

// shadowPrices compares all duals of a problem and returns how many have a derivative to compare with.
func (s *suite) shadowPrices(t *testing.T, f form) (compared int) {
	base := s.solve(t, f.model(), backends.Options{})
	if base.Point == nil || base.Point.RowDuals == nil || base.Point.VarDuals == nil {
		t.Fatalf("%v without a point with duals", base.Status)
	}
	for i := range f.rows {
		compared += s.shadowPrice(t, base.Objective, f.model(), fmt.Sprintf("row %d", i), base.Point.RowDuals[i], func(m *model.Model, by float64) {
			lo, hi := m.RowBounds(i)
			m.SetRowBounds(i, lo+by, hi+by)
		})
	}
	for j := range f.cost {
		compared += s.shadowPrice(t, base.Objective, f.model(), fmt.Sprintf("variable %d", j), base.Point.VarDuals[j], func(m *model.Model, by float64) {
			lo, hi := m.VarBounds(j)
			m.SetVarBounds(j, lo+by, hi+by)
		})
	}
	return compared
}

func (s *suite) shadowPrice(t *testing.T, base float64, m *model.Model, what string, dual float64, move func(*model.Model, float64)) int {
	t.Helper()
	value := func(by float64) float64 {
		moved := m.Derive()
		move(moved, by)
		if moved.Err() != nil {
			return math.NaN()
		}
		r := s.solve(t, moved, backends.Options{})
		if !s.accepts(moved, optimal, r.Status) {
			return math.NaN()
		}
		return r.Objective
	}
	up, down := value(step), value(-step)
	right, left := (up-base)/step, (base-down)/step
	if !(math.Abs(right-left) <= 0.02*max(1, math.Abs(right))) {
		return 0 // a kink, where the dual is any number between the two, or no neighbour to compare with
	}
	// A right derivative and a left one that differ a little come from curvature; the dual is between them.
	if slack := 20 * s.PointTol * max(1, math.Abs(right)); dual < min(left, right)-slack || dual > max(left, right)+slack {
		t.Errorf("%s: dual %v, finite differences %v and %v", what, dual, left, right)
	}
	return 1
}

// randomForm is a linear problem with 6 variables in boxes and 5 rows of all kinds that a point satisfies.
func randomForm(r *rand.Rand, maximize bool) form {
	const n, m = 6, 5
	f := form{maximize: maximize}
	inside := make([]float64, n)
	for j := range n {
		lo := float64(r.Intn(5) - 2)
		hi := lo + 1 + float64(r.Intn(6))
		f.lo, f.hi = append(f.lo, lo), append(f.hi, hi)
		f.cost = append(f.cost, float64(r.Intn(19)-9))
		inside[j] = lo + r.Float64()*(hi-lo)
	}
	for i := range m {
		coef, at := make([]float64, n), 0.0
		for j := range coef {
			coef[j] = float64(r.Intn(11) - 5)
			at += coef[j] * inside[j]
		}
		switch i % 4 {
		case 0:
			f.rows = append(f.rows, le(at+0.5, coef...))
		case 1:
			f.rows = append(f.rows, ge(at-0.5, coef...))
		case 2:
			f.rows = append(f.rows, eq(at, coef...))
		default:
			f.rows = append(f.rows, between(at-0.5, at+0.7, coef...))
		}
	}
	return f
}

// withCurvature adds a strictly convex part, or a concave one in a maximisation.
func withCurvature(f form) form {
	c := 1.0
	if f.maximize {
		c = -1
	}
	for j := range f.cost {
		f.quad = append(f.quad, square(int32(j), c*float64(j+1)))
		if j+1 < len(f.cost) {
			f.quad = append(f.quad, product(int32(j), int32(j+1), c*0.5))
		}
	}
	return f
}
