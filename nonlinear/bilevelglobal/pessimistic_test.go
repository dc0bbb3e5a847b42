package bilevelglobal

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

func TestPessimisticKnown(t *testing.T) {
	for _, c := range []struct {
		name        string
		build       func() *model.Model
		value, best float64 // infimum of the pessimistic problem, value of the optimistic one
		global      bool    // the two are the same, so that the value is proven for the pessimistic problem itself
	}{
		{"two answers whatever the decision", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -2, 2)
			f := m.Follower("f")
			y := f.Var("y", -2, 2)
			f.Minimize(y.Pow(2).Minus(1).Pow(2))
			m.Leader().Minimize(x.Minus(y).Pow(2))
			return m
		}, 1, 0, false},
		{"not attained, the value of the optimistic problem", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -1, 1)
			f := m.Follower("f")
			y := f.Var("y", -2, 2)
			f.Minimize(y.Pow(4).Minus(y.Pow(2).Times(2)).Plus(x.Times(y)))
			m.Leader().Minimize(x.Pow(2).Plus(y.Minus(1).Pow(2)))
			return m
		}, 0, 0, true},
		{"not attained, above the optimistic one", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -1, 1)
			f := m.Follower("f")
			y := f.Var("y", -1, 1)
			f.Minimize(y.Pow(3).Plus(y).Times(x))
			m.Leader().Minimize(x.Pow(2).Plus(y.Minus(0.5).Pow(2)))
			return m
		}, 0.25, 0, false},
		{"a constraint that every answer has to keep", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -2, 2)
			f := m.Follower("f")
			y := f.Var("y", -2, 2)
			f.Minimize(y.Pow(2).Minus(1).Pow(2))
			m.Leader().Constrain("room", x.Plus(y).LE(0))
			m.Leader().Maximize(x)
			return m
		}, -1, 1, false},
		{"the objective has no value at one of two answers where x < 1", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -2, 2)
			f := m.Follower("f")
			y := f.Var("y", -1, 1)
			f.Minimize(y.Pow(2).Minus(1).Pow(2))
			m.Leader().Minimize(x.Plus(model.Sqrt(x.Plus(y))))
			return m
		}, 1 + math.Sqrt2, -1, false},
		{"a constraint has no value at one of two answers where x < 1", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -2, 2)
			f := m.Follower("f")
			y := f.Var("y", -1, 1)
			f.Minimize(y.Pow(2).Minus(1).Pow(2))
			m.Leader().Constrain("root", model.Sqrt(x.Plus(y)).LE(5))
			m.Leader().Minimize(x)
			return m
		}, 1, -1, false},
		{"an answer at the end of the objective's domain", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", -2, 2)
			f := m.Follower("f")
			y := f.Var("y", -1, 1)
			f.Minimize(y.Pow(2).Minus(1).Pow(2))
			m.Leader().Minimize(x.Pow(2).Plus(model.Sqrt(model.Const(1).Minus(y))))
			return m
		}, math.Sqrt2, 0, false},
		{"answers that the decision moves", func() *model.Model {
			m := model.New("")
			x := m.Leader().Var("x", 0, 1)
			f := m.Follower("f")
			y, z := f.Var("y", -2, 2), f.Var("z", 0, 1)
			f.Constrain("above", y.Minus(x).GE(0))
			f.Minimize(y) // z is free, the worst is 1, and (x - 1/2)² + x + 1 is least at 0
			m.Leader().Minimize(y.Minus(0.5).Pow(2).Plus(z.Times(x.Plus(1))))
			return m
		}, 1.25, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := c.build()
			a, err := SolvePessimistic(context.Background(), m, PessimisticOptions{Options: Options{Verify: checks(t), TimeLimit: 20 * time.Second}})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v %v value %g bound %g floor %g, %+v", a.Status, a.Proof, a.Value, a.Bound, a.Floor, a.Statistics)
			sign := m.Leader().Objective().Sense.Sign()
			want := model.ProofFeasible
			if c.global {
				want = model.ProofGlobal
			}
			if a.Status != model.StatusOptimal || a.Proof != want || a.Point == nil {
				t.Fatalf("%v, %v, notes %q", a.Status, a.Proof, a.Notes)
			}
			if math.Abs(a.Value-c.value) > 3e-3 || sign*(a.Value-c.value) < -1e-6 {
				t.Errorf("value %g, want %g or a little worse", a.Value, c.value)
			}
			if sign*(a.Value-a.Bound) < 0 || a.Gap > 1.001e-3 {
				t.Errorf("value %g, bound %g, gap %g", a.Value, a.Bound, a.Gap)
			}
			if sign*(a.Floor-c.best) > 1e-6 || math.Abs(a.Floor-c.best) > 2e-3 {
				t.Errorf("floor %g, want %g", a.Floor, c.best)
			}
			if f := m.ObjectiveValue(0, a.Point.X); math.Abs(f-a.Value) > 1e-3 {
				t.Errorf("the answer at the point gives %g, the value is %g", f, a.Value)
			}
		})
	}
}

func TestPessimisticRefuses(t *testing.T) {
	free := model.New("")
	free.Leader().Var("x", -1, 1)
	f := free.Follower("f")
	y := f.Var("y", 0, model.Inf)
	f.Minimize(y)
	var no *UnsupportedError
	if _, err := SolvePessimistic(context.Background(), free, PessimisticOptions{}); !errors.As(err, &no) || no.Where != "y" {
		t.Errorf("%v, want that y has no bounds", err)
	}
	var bad *OptionError
	if _, err := SolvePessimistic(context.Background(), free, PessimisticOptions{Level: -1}); !errors.As(err, &bad) || bad.Name != "Level" {
		t.Errorf("%v, want that the level is out of range", err)
	}
}

// TestPessimisticAgainstGrids compares random problems with grids: at the decision no answer of the grid that is optimal may be worse than the value, and no
// decision of the grid may be better than the bound even if all answers that are nearly optimal are counted.
func TestPessimisticAgainstGrids(t *testing.T) {
	const side = 2001
	at := func(k, n int) float64 { return -1 + 2*float64(k)/float64(n-1) }
	closed := 0
	count := 8
	for seed := range count {
		r := newRandom(rand.New(rand.NewPCG(uint64(seed), 77)), 1, 1)
		a, err := SolvePessimistic(context.Background(), r.m, PessimisticOptions{Options: Options{Verify: checks(t), TimeLimit: 3 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d: %v %v value %g bound %g floor %g, %+v", seed, a.Status, a.Proof, a.Value, a.Bound, a.Floor, a.Statistics)
		if a.Status == model.StatusOptimal {
			closed++
		}
		// worst is the worst value over answers within level of the least; excess that of the leader's constraints.
		worst := func(x, level float64) (w, excess float64) {
			p := []float64{x, 0}
			least := math.Inf(1)
			var vals [side]float64
			for k := range side {
				p[1] = at(k, side)
				vals[k] = math.Inf(1)
				if r.follows(p, 0) {
					vals[k] = r.m.ObjectiveValue(1, p)
					least = math.Min(least, vals[k])
				}
			}
			w, excess = math.Inf(-1), math.Inf(-1)
			for k := range side {
				if vals[k] > least+level || math.IsInf(least, 1) {
					continue
				}
				p[1] = at(k, side)
				w = math.Max(w, r.m.ObjectiveValue(0, p))
				for q := range r.m.NumRows() {
					if r.m.RowOwner(q) == 0 {
						_, hi := r.m.RowBounds(q)
						excess = math.Max(excess, r.m.RowValue(q, p)-hi)
					}
				}
			}
			return w, excess
		}
		if a.Point != nil {
			// The least of the grid is above the true one by the square of its step at most, or by the step at a side.
			y := append([]float64(nil), a.Point.X...)
			y, phi := response(t, r, y)
			for k := range side {
				y[1] = at(k, side)
				if r.follows(y, 0) && r.m.ObjectiveValue(1, y) <= phi && r.m.ObjectiveValue(0, y) > a.Value+1e-6 {
					t.Errorf("%d: at %g the answer %g is optimal and gives %g, the value is %g", seed, y[0], y[1], r.m.ObjectiveValue(0, y), a.Value)
				}
			}
			if w, _ := worst(a.Point.X[0], 1e-2); w < a.Value-0.05 {
				t.Errorf("%d: at %g no answer is worse than %g, the value is %g", seed, a.Point.X[0], w, a.Value)
			}
		}
		for k := range 201 {
			w, excess := worst(at(k, 201), 2e-3)
			if !math.IsInf(w, -1) && excess < -1e-2 && w < a.Bound-1e-2 {
				t.Errorf("%d: at %g no answer is worse than %g, the bound is %g", seed, at(k, 201), w, a.Bound)
			}
		}
	}
	if closed < count*3/4 {
		t.Errorf("%d of %d closed", closed, count)
	}
}

// response is the least of the follower's objective at the decision, by a grid and refinement.
func response(t *testing.T, r random, p []float64) ([]float64, float64) {
	t.Helper()
	q := append([]float64(nil), p...)
	v, _ := r.least(q, 401)
	return q, v
}
