package bilevel_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
)

// tollRoad is the toll problem of the documentation: the best toll is 5, where the drivers don't care.
func tollRoad() *bilevel.Model {
	m := bilevel.NewModel("two-roads")
	toll := m.Leader().Var("toll", 0, 10)
	drivers := m.Follower("drivers")
	cars := drivers.Vars("cars", 2, 0, bilevel.Inf)
	drivers.Minimize(toll.Plus(2).Times(cars[0]).Plus(cars[1].Times(7)))
	drivers.Constrain("trips", bilevel.Sum(cars...).Eq(100))
	m.Leader().Maximize(toll.Times(cars[0]))
	return m
}

func closeTo(a, b float64) bool { return math.Abs(a-b) <= 1e-4*math.Max(1, math.Abs(b)) }

func solveWith(t *testing.T, m *bilevel.Model, o bilevel.Options) *bilevel.Result {
	t.Helper()
	r, err := bilevel.Solve(context.Background(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The toll may come as near to 5 as one likes, and 5 itself brings nothing, or a part.
func TestInfimumNotAttained(t *testing.T) {
	for _, c := range []struct {
		attitude string
		passes   string
	}{{"pessimistic", ""}, {"0.3", ""}, {"0.999", ""}, {"pessimistic", "pessimistic+probe+big-m"}, {"optimistic", "pessimistic"}} {
		a, err := bilevel.ParseAttitude(c.attitude)
		if err != nil {
			t.Fatal(err)
		}
		m := tollRoad()
		r := solveWith(t, m, bilevel.Options{Attitude: a, Reform: c.passes})
		if r.Attainment == bilevel.Attained || r.Status == bilevel.StatusOptimal || r.Proof == bilevel.ProofGlobal {
			t.Errorf("%s %s: claims %v, %v, %v", c.attitude, c.passes, r.Status, r.Proof, r.Attainment)
		}
		if len(r.Assumptions) == 0 && (r.Attainment != bilevel.NotAttained || !closeTo(r.Infimum, 500) || !closeTo(r.Bound, 500)) {
			t.Errorf("%s %s: %v, infimum %g, bound %g; want not attained, 500", c.attitude, c.passes, r.Attainment, r.Infimum, r.Bound)
		}
		// The decision is below 5 by so much that a check tells it from a tie: best and worst coincide.
		x := r.Point.X[0]
		if !(x < 5-1e-7 && x > 4.9) || !closeTo(r.Objective, 500) || !closeTo(r.Optimistic, 100*x) || !closeTo(r.Pessimistic, 100*x) {
			t.Errorf("%s %s: toll %v, objective %g, between %g and %g", c.attitude, c.passes, x, r.Objective, r.Pessimistic, r.Optimistic)
		}
		if !r.Certificate.Verified {
			t.Errorf("%s: not verified: %q", c.attitude, r.Certificate.Reasons)
		}
	}
}

func TestOptimisticCarriesSpread(t *testing.T) {
	r := solveWith(t, tollRoad(), bilevel.Options{})
	if r.Status != bilevel.StatusOptimal || !closeTo(r.Optimistic, 500) || !closeTo(r.Pessimistic, 0) || r.Attainment != bilevel.Attained || !math.IsNaN(r.Infimum) {
		t.Errorf("%v, between %g and %g, %v, infimum %g", r.Status, r.Pessimistic, r.Optimistic, r.Attainment, r.Infimum)
	}
}

// A follower without an optimal answer excludes a decision, though the leader's objective does not look at its answer.
func TestPessimisticExcludesUnbounded(t *testing.T) {
	m := bilevel.NewModel("unbounded follower")
	x := m.Leader().Var("x", 0, 3)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(x.Minus(1).Times(y))
	m.Leader().Minimize(x)
	r := solveWith(t, m, bilevel.Options{Attitude: bilevel.Pessimistic})
	if r.Proof != bilevel.ProofGlobal || r.Attainment != bilevel.Attained || !closeTo(r.Objective, 1) {
		t.Errorf("%v, %v, %g; want the optimum 1", r.Proof, r.Attainment, r.Objective)
	}
	// At 1 every y >= 0 is optimal: where the leader pays for y, that is no decision, and the rest is (1, 3].
	m.Leader().Minimize(x.Plus(y))
	if r = solveWith(t, m, bilevel.Options{Attitude: bilevel.Pessimistic}); r.Attainment != bilevel.NotAttained || !closeTo(r.Infimum, 1) || !closeTo(r.Objective, 1) {
		t.Errorf("%v, infimum %g, objective %g; want 1, not attained", r.Attainment, r.Infimum, r.Objective)
	}
}

func TestPessimisticWithoutAnswer(t *testing.T) {
	m := bilevel.NewModel("worst without limit")
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(0)
	m.Leader().Minimize(y.Minus(x))
	if r := solveWith(t, m, bilevel.Options{Attitude: bilevel.Pessimistic}); r.Proof != bilevel.ProofInfeasible || r.Point != nil {
		t.Errorf("no decision has a finite worst case: got %v, %v", r.Status, r.Proof)
	}
	m.Leader().Minimize(x.Neg())
	if r := solveWith(t, m, bilevel.Options{Attitude: bilevel.Pessimistic}); r.Proof != bilevel.ProofUnbounded {
		t.Errorf("x has no limit: got %v, %v", r.Status, r.Proof)
	}
}

// A constraint of the leader must hold for all optimal answers: y is anything in [0, x], so x <= 2.
func TestPessimisticCoupling(t *testing.T) {
	m := bilevel.NewModel("coupling")
	x := m.Leader().Var("x", 0, 5)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(0)
	f.Constrain("room", y.LE(x))
	m.Leader().Maximize(x)
	m.Leader().Constrain("limit", y.LE(2))
	for _, c := range []struct {
		attitude bilevel.Attitude
		want     float64
	}{{bilevel.Optimistic, 5}, {bilevel.Pessimistic, 2}, {bilevel.Cooperation(0.9), 2}} {
		r := solveWith(t, m, bilevel.Options{Attitude: c.attitude})
		if r.Status != bilevel.StatusOptimal || r.Proof != bilevel.ProofGlobal || !closeTo(r.Objective, c.want) {
			t.Errorf("%v: %v, %v, %g; want %g", c.attitude, r.Status, r.Proof, r.Objective, c.want)
		}
	}
	m.Leader().Constrain("more", y.GE(1))
	if r := solveWith(t, m, bilevel.Options{Attitude: bilevel.Pessimistic}); r.Proof != bilevel.ProofInfeasible {
		t.Errorf("y = 0 is always an answer: got %v, %v, %g", r.Status, r.Proof, r.Objective)
	}
}

// Two indifferent followers answer anything in [0, x]. One cooperates, the other does not: min y1 + max 2 y2 - 3x = 2x - 3x.
func TestStrongWeak(t *testing.T) {
	m := bilevel.NewModel("friend and foe")
	x := m.Leader().Var("x", 0, 4)
	var y [2]bilevel.Var
	for k, name := range []string{"friend", "foe"} {
		f := m.Follower(name)
		y[k] = f.Var(name+"_y", 0, bilevel.Inf)
		f.Minimize(0)
		f.Constrain(name+"_room", y[k].LE(x))
	}
	m.Leader().Minimize(0)
	a := bilevel.StrongWeak(m, y[0], y[1].Times(2).Minus(x.Times(3)))
	r := solveWith(t, m, bilevel.Options{Attitude: a})
	if r.Proof != bilevel.ProofGlobal || !closeTo(r.Objective, -4) || !closeTo(r.Value(x), 4) || !closeTo(r.Optimistic, -12) || !closeTo(r.Pessimistic, 0) {
		t.Errorf("%v: %g at x = %g, between %g and %g; want -4 at 4, between -12 and 0", r.Proof, r.Objective, r.Value(x), r.Optimistic, r.Pessimistic)
	}
	if o := m.Leader().Objective(); len(o.F.Vars) != 0 {
		t.Error("the leader's objective has changed")
	}
	if _, err := bilevel.Solve(context.Background(), tollRoad(), bilevel.Options{Attitude: a}); err == nil {
		t.Error("the objectives of another model are taken")
	}
}

// With a quadratic part in the leader's own variable: (x-1)² + worst y in [0, x], least at x = 1/2.
func TestPessimisticQuadraticLeader(t *testing.T) {
	m := bilevel.NewModel("quadratic")
	x := m.Leader().Var("x", 0, 4)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(0)
	f.Constrain("room", y.LE(x))
	m.Leader().Minimize(x.Minus(1).Pow(2).Plus(y))
	r := solveWith(t, m, bilevel.Options{Attitude: bilevel.Pessimistic})
	if r.Proof != bilevel.ProofGlobal || !closeTo(r.Objective, 0.75) || !closeTo(r.Value(x), 0.5) {
		t.Errorf("%v, %g at %g; want 0.75 at 0.5", r.Proof, r.Objective, r.Value(x))
	}
}

func TestAttitudeRefused(t *testing.T) {
	base := func(change func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player)) *bilevel.Model {
		m := bilevel.NewModel("refused")
		x := m.Leader().Var("x", 0, 4)
		f := m.Follower("f")
		y := f.Var("y", 0, 9)
		f.Minimize(x.Times(y))
		f.Constrain("room", y.LE(x))
		m.Leader().Minimize(x.Plus(y))
		change(m, x, y, f)
		return m
	}
	for _, c := range []struct {
		name   string
		change func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player)
		want   []string
	}{
		{"nonconvex follower", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Maximize(y.Pow(2)) }, []string{"follower f", "nonconvex"}},
		{"integer follower", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Integer("n", 0, 3) }, []string{"follower f", "integer"}},
		{"Nash game", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Nash() }, []string{"follower f", "Nash"}},
		{"pair", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.Leader().Complement("p", x, x.Minus(1)) }, []string{"pair p"}},
		{"shadow price", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
			c, _ := m.RowByName("room")
			m.Leader().Minimize(c.Dual())
		}, []string{"room.dual", "shadow price"}},
		{"product with x in the constraints", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.Leader().Minimize(x.Times(y)) }, []string{"constraint room", "contains x"}},
		{"product that the follower has not", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
			g := m.Follower("g")
			z := g.Var("z", 0, 1)
			g.Minimize(z)
			m.Leader().Minimize(x.Times(z))
		}, []string{"follower g", "do not stand"}},
		{"square of an answer", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.Leader().Minimize(y.Pow(2)) }, []string{"y*y"}},
		{"nonlinear objective", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.Leader().Minimize(x.Pow(3)) }, []string{"leader's objective"}},
		{"quadratic constraint", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
			m.Leader().Constrain("q", x.Pow(2).LE(3))
		}, []string{"constraint q", "not linear"}},
		{"integers without end", func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
			m.Leader().Integer("k", 0, bilevel.Inf)
		}, []string{"variable k", "bounds"}},
	} {
		_, err := bilevel.Solve(context.Background(), base(c.change), bilevel.Options{Attitude: bilevel.Pessimistic, Reform: "pessimistic"})
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", c.name, err, w)
			}
		}
	}
	var option *bilevel.OptionError
	for _, o := range []bilevel.Options{{Attitude: bilevel.Cooperation(1.5)}, {Attitude: bilevel.Cooperation(math.NaN())}, {Attitude: bilevel.Pessimistic, Reform: "kkt+big-m"}} {
		if _, err := bilevel.Solve(context.Background(), tollRoad(), o); !errors.As(err, &option) {
			t.Errorf("%v %s: %v, want an OptionError", o.Attitude, o.Reform, err)
		}
	}
	for _, s := range []string{"hopeful", "-0.1", "1.1", "NaN"} {
		if _, err := bilevel.ParseAttitude(s); !errors.As(err, &option) {
			t.Errorf("%q: %v, want an OptionError", s, err)
		}
	}
	for _, s := range []string{"optimistic", "pessimistic", "0.25"} {
		if a, err := bilevel.ParseAttitude(s); err != nil || a.String() != s {
			t.Errorf("%q: %v, %v", s, a, err)
		}
	}
}

// A solve that has no time left says so, and keeps what can be measured.
func TestPessimisticStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := bilevel.Solve(ctx, tollRoad(), bilevel.Options{Attitude: bilevel.Pessimistic})
	if err != nil {
		t.Fatal(err)
	}
	if r.Proof > bilevel.ProofFeasible || r.Status == bilevel.StatusOptimal {
		t.Errorf("%v, %v after no search", r.Status, r.Proof)
	}
}

// TestPessimisticRemedy asks for the worst answers of a convex quadratic follower to integer decisions: the refusal does not send to a way for optimistic answers.
func TestPessimisticRemedy(t *testing.T) {
	m := bilevel.NewModel("machines")
	machines := m.Leader().Integer("machines", 0, 8)
	f := m.Follower("rival")
	y := f.Var("y", 0, 10)
	f.Minimize(y.Minus(machines).Pow(2))
	m.Leader().Minimize(machines.Plus(y))
	_, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: bilevel.Pessimistic})
	if err == nil || !strings.Contains(err.Error(), "solve the optimistic problem") || strings.Contains(err.Error(), "use kkt") {
		t.Errorf("%v", err)
	}
}
