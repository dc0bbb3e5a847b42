package newton_test

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// randomProgram is a convex quadratic or, with curved false, linear program with integer data, boxes and rows of all kinds; often its solution is
// degenerate, and some have none.
func randomProgram(r *rand.Rand, curved bool) *model.Model {
	n, rows := 2+r.Intn(8), r.Intn(8)
	m := model.New("random")
	x := make([]model.Var, n)
	for j := range x {
		lo, hi := float64(-r.Intn(4)), float64(1+r.Intn(5))
		switch r.Intn(4) {
		case 0:
			hi = math.Inf(1)
		case 1:
			lo = math.Inf(-1)
		}
		x[j] = m.Leader().Var("x"+string(rune('a'+j)), lo, hi)
	}
	linear := func() model.Expr {
		e := model.Const(0)
		for j := range x {
			if r.Intn(2) == 0 {
				e = e.Plus(x[j].Times(r.Intn(9) - 4))
			}
		}
		return e
	}
	f := linear()
	if curved {
		for range 1 + r.Intn(n) {
			f = f.Plus(linear().Plus(r.Intn(5) - 2).Pow(2).Times(0.5))
		}
	}
	m.Leader().Minimize(f)
	for k := range rows {
		e, b := linear().Plus(x[0]), float64(r.Intn(9)-2)
		name := "r" + string(rune('a'+k))
		switch r.Intn(5) {
		case 0:
			m.Leader().Constrain(name, e.Eq(b))
		case 1:
			m.Leader().Constrain(name, e.GE(-b))
		case 2:
			m.Leader().Constrain(name, e.Between(-b-3, b+3))
		default:
			m.Leader().Constrain(name, e.LE(b))
		}
	}
	return m
}

func TestAgainstHighs(t *testing.T) {
	if highs.New().Version() == "" {
		t.Skip("HiGHS is not on this machine")
	}
	kinds := map[model.Status]int{}
	for seed := range int64(300) {
		m := randomProgram(rand.New(rand.NewSource(seed)), seed%2 == 0)
		want, err := highs.New().Solve(context.Background(), m, backends.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := smooth.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := m.StartPoint()
		a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: x}, smooth.Options{})
		if err != nil {
			t.Fatal(err)
		}
		kinds[want.Status]++
		switch want.Status {
		case model.StatusOptimal:
			if a.Status != model.StatusOptimal || math.Abs(a.Objective-want.Objective) > 1e-6*max(1, math.Abs(want.Objective)) {
				t.Errorf("seed %d: %v %v (%s), HiGHS has %v", seed, a.Status, a.Objective, a.Message, want.Objective)
			}
		case model.StatusInfeasible, model.StatusUnbounded:
			if a.Status != want.Status {
				t.Errorf("seed %d: %v %v (%s), HiGHS says %v", seed, a.Status, a.Objective, a.Message, want.Status)
			}
		}
	}
	t.Logf("%v", kinds)
	if kinds[model.StatusOptimal] < 80 || kinds[model.StatusInfeasible] < 10 || kinds[model.StatusUnbounded] < 10 {
		t.Errorf("the problems are too much alike: %v", kinds)
	}
}
