package ipopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// convexProgram is a random convex program in a box: a convex quadratic objective, discs, half-spaces and equations. With feasible, the point
// inside satisfies it.
func convexProgram(r *rand.Rand, n int, feasible bool) (m *model.Model, inside []float64) {
	m = model.New("convex")
	l := m.Leader()
	x := l.Vars("x", n, -3, 3)
	inside = make([]float64, n)
	for j := range inside {
		inside[j] = 5*r.Float64() - 2.5
	}
	linear := func() (e model.Expr, at float64) {
		e = model.Const(0)
		for j := range x {
			c := float64(r.Intn(9) - 4)
			e, at = e.Plus(x[j].Times(c)), at+c*inside[j]
		}
		return e, at
	}
	disc := func() (e model.Expr, at float64) {
		e = model.Const(0)
		for j := range x {
			c := float64(r.Intn(5) - 2)
			e, at = e.Plus(x[j].Minus(c).Pow(2)), at+(inside[j]-c)*(inside[j]-c)
		}
		return e, at
	}
	shift := func() float64 {
		if feasible {
			return r.Float64()
		}
		return 4*r.Float64() - 3
	}
	cost, _ := linear()
	bowl, _ := disc()
	l.Minimize(cost.Plus(bowl.Times(r.Float64())))
	for k := range 1 + r.Intn(4) {
		switch e, at := linear(); k % 3 {
		case 0:
			l.Constrain(fmt.Sprint("half", k), e.LE(at+shift()))
		case 1:
			l.Constrain(fmt.Sprint("plane", k), e.Eq(at))
		default:
			e, at := disc()
			l.Constrain(fmt.Sprint("disc", k), e.LE(at+shift()))
		}
	}
	return m, inside
}

// anything is an answer with any point in the box and any multipliers.
func anything(r *rand.Rand, p smooth.Program) *smooth.Answer {
	a := &smooth.Answer{X: make([]float64, p.NumVars()), Rows: make([]float64, p.NumRows())}
	for j := range a.X {
		a.X[j] = 6*r.Float64() - 3
	}
	for k := range a.Rows {
		a.Rows[k] = 4*r.Float64() - 2
	}
	a.Objective = p.Objective(a.X)
	return a
}

// TestBoundsHoldWhateverTheMultipliers checks both bounds at random points and multipliers, which they must not depend on to be right.
func TestBoundsHoldWhateverTheMultipliers(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	positive, useful := 0, 0
	for range 400 {
		m, inside := convexProgram(r, 1+r.Intn(4), true)
		p, err := smooth.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		best := p.Objective(inside)
		if bound := lowerBound(p, anything(r, p)); bound > best+1e-9*math.Max(1, math.Abs(best)) {
			t.Fatalf("bound %v, yet a feasible point has %v", bound, best)
		} else if bound > best-100 {
			useful++
		}
		if v := leastViolation(p, anything(r, p)); v > 1e-9 {
			t.Fatalf("violation of at least %v in a feasible program", v)
		}
		m, _ = convexProgram(r, 1+r.Intn(3), false)
		if p, err = smooth.Compile(m); err != nil {
			t.Fatal(err)
		}
		least := leastViolation(p, anything(r, p))
		if least > 1e-6 {
			positive++
		}
		for range 50 {
			x, c := anything(r, p).X, make([]float64, p.NumRows())
			p.Rows(x, c)
			if v := smooth.Violation(p, x, c); v < least-1e-9 {
				t.Fatalf("violation of at least %v, yet %v at %v", least, v, x)
			}
		}
	}
	if positive < 5 || useful < 50 {
		t.Errorf("%d programs shown infeasible, %d bounds of use: the test tests little", positive, useful)
	}
}

// TestClaimsAboutConvexModels compares what the backend claims with what is known of random convex programs.
func TestClaimsAboutConvexModels(t *testing.T) {
	skipWithoutLibrary(t)
	r := rand.New(rand.NewSource(3))
	count := map[model.Status]int{}
	for k := range 60 {
		m, inside := convexProgram(r, 1+r.Intn(4), k%2 == 0)
		res, err := New().Solve(context.Background(), m, backends.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		count[res.Status]++
		known := m.ObjectiveValue(0, inside)
		switch {
		case res.Status == model.StatusOptimal && res.Proof == model.ProofGlobal:
			if k%2 == 0 && res.Objective > known+1e-6*math.Max(1, math.Abs(known)) {
				t.Errorf("%d: the optimum %v is above %v", k, res.Objective, known)
			}
		case res.Status == model.StatusInfeasible && res.Proof == model.ProofInfeasible && k%2 == 1:
		default:
			t.Errorf("%d: %v, %v: %s", k, res.Status, res.Proof, res.Message)
		}
	}
	if count[model.StatusInfeasible] < 5 {
		t.Errorf("%v: too few of a kind", count)
	}
}

// TestLinearProgramsOfAllKinds compares the status with that of another solver for programs that are mostly degenerate, infeasible or unbounded.
func TestLinearProgramsOfAllKinds(t *testing.T) {
	skipWithoutLibrary(t)
	other := highs.New()
	var absent *backends.UnknownError
	r := rand.New(rand.NewSource(11))
	count := map[model.Status]int{}
	for k := range 80 {
		n := 1 + r.Intn(4)
		m := model.New("linear")
		l := m.Leader()
		x := make([]model.Var, n)
		for j := range x {
			lo, hi := float64(-r.Intn(3)), float64(r.Intn(3))
			switch r.Intn(5) {
			case 0:
				lo = math.Inf(-1)
			case 1, 2:
				hi = math.Inf(1)
			}
			x[j] = l.Var("x"+string(rune('a'+j)), lo, hi)
		}
		some := func() model.Expr {
			e := model.Const(0)
			for j := range x {
				e = e.Plus(x[j].Times(r.Intn(5) - 2))
			}
			return e
		}
		for i := range r.Intn(5) {
			b := r.Intn(5) - 2
			switch name := "r" + string(rune('a'+i)); r.Intn(3) {
			case 0:
				l.Constrain(name, some().LE(b))
			case 1:
				l.Constrain(name, some().GE(b))
			default:
				l.Constrain(name, some().Eq(b))
			}
		}
		l.Maximize(some())
		want, err := other.Solve(context.Background(), m, backends.Options{}, nil)
		if errors.As(err, &absent) {
			t.Skip("HiGHS is not on this machine")
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := New().Solve(context.Background(), m, backends.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		count[want.Status]++
		if got.Status != want.Status || want.Status == model.StatusOptimal && math.Abs(got.Objective-want.Objective) > 1e-6*math.Max(1, math.Abs(want.Objective)) {
			t.Errorf("%d: %v %v (%s), want %v %v", k, got.Status, got.Objective, got.Message, want.Status, want.Objective)
		}
	}
	for _, s := range []model.Status{model.StatusOptimal, model.StatusInfeasible, model.StatusUnbounded} {
		if count[s] < 8 {
			t.Errorf("%v: too few of a kind", count)
		}
	}
}

// TestNothingGlobalIsClaimedOfOthers solves models that are not convex, whose solutions and points of least violation prove nothing.
func TestNothingGlobalIsClaimedOfOthers(t *testing.T) {
	skipWithoutLibrary(t)
	inf := math.Inf(1)
	for _, c := range []struct {
		name   string
		build  func(l *model.Player)
		status model.Status
		proof  model.Proof
	}{
		{"a local minimum of a double well", func(l *model.Player) {
			x := l.Var("x", -3, 3).Start(1)
			l.Minimize(x.Pow(2).Minus(1).Pow(2).Plus(x.Times(0.1)))
		}, model.StatusLocal, model.ProofLocal},
		{"a product", func(l *model.Player) { l.Minimize(l.Var("x", -1, 1).Start(0.5).Times(l.Var("y", -1, 1).Start(-0.5))) }, model.StatusLocal, model.ProofLocal},
		{"no point on a hyperbola in a box", func(l *model.Player) {
			x, y := l.Var("x", 0, 1).Start(0.5), l.Var("y", 0, 1).Start(0.5)
			l.Minimize(x.Plus(y))
			l.Constrain("product", x.Times(y).GE(2))
		}, model.StatusUnknown, model.ProofNone},
		{"convex constraints without a point, an objective that is not", func(l *model.Player) {
			x, y := l.Var("x", 0, 1), l.Var("y", 0, 1)
			l.Minimize(x.Times(y))
			l.Constrain("disc", x.Pow(2).Plus(y.Minus(3).Pow(2)).LE(1))
		}, model.StatusInfeasible, model.ProofInfeasible},
		{"a cubic that falls", func(l *model.Player) { l.Minimize(l.Var("x", -inf, inf).Start(-1).Pow(3)) }, model.StatusUnknown, model.ProofNone},
	} {
		m := model.New("other")
		c.build(m.Leader())
		r, err := New().Solve(context.Background(), m, backends.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != c.status || r.Proof != c.proof || !math.IsNaN(r.Bound) {
			t.Errorf("%s: %v, %v, bound %v (%s), want %v, %v", c.name, r.Status, r.Proof, r.Bound, r.Message, c.status, c.proof)
		}
	}
}

func skipWithoutLibrary(t *testing.T) {
	t.Helper()
	if New().Version() == "" {
		t.Skip("Ipopt is not on this machine")
	}
}
