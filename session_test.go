package bilevel_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// roads is the model of two roads with a capacity and a least use of the toll road: with toll t the drivers take the toll road up to its
// capacity while t <= 5.
type roads struct {
	m          *bilevel.Model
	t, x, y    bilevel.Var
	trips, use bilevel.Constraint
	drivers    *bilevel.Player
}

func newRoads() *roads {
	r := &roads{m: bilevel.NewModel("roads")}
	r.drivers = r.m.Follower("drivers")
	r.t = r.m.Leader().Var("t", 0, 10)
	r.x, r.y = r.drivers.Var("x", 0, 80), r.drivers.Var("y", 0, bilevel.Inf)
	r.drivers.Minimize(bilevel.Sum(r.t.Plus(2).Times(r.x), r.y.Times(7)))
	r.trips = r.drivers.Constrain("trips", r.x.Plus(r.y).Eq(100))
	r.use = r.m.Leader().Constrain("use", r.x.GE(10))
	r.m.Leader().Maximize(r.t.Times(r.x))
	return r
}

// A session takes over what is still valid after a change, and says so.
func TestSession(t *testing.T) {
	needsHighs(t)
	r := newRoads()
	s := bilevel.NewSession(r.m)
	nan := math.NaN()
	for _, c := range []struct {
		reason       string
		edit         func() error
		value        float64 // NaN: infeasible
		settled      bool
		bound, start float64
	}{
		{"the first solve", func() error { return nil }, 400, false, nan, nan},
		{"no change", func() error { return nil }, 400, true, 400, 400},
		{"a bound that does not bind", func() error { return r.t.SetBounds(0, 8) }, 400, true, 400, 400},
		{"a bound that binds", func() error { return r.t.SetBounds(0, 4) }, 320, false, 400, 320},
		{"a looser bound, up to what was solved before", func() error { return r.t.SetBounds(0, 8) }, 400, true, 400, 400},
		{"a looser bound than any before", func() error { return r.t.SetBounds(0, 20) }, 400, false, nan, 400},
		{"the drivers' right-hand side", func() error { return r.trips.SetRHS(50) }, 250, false, nan, 250},
		{"the drivers' coefficient", func() error { return r.drivers.SetObjectiveCoef(r.y, 9) }, 350, false, nan, 250},
		{"more than can be", func() error { return r.use.SetRHS(60) }, nan, false, 350, nan},
		{"even more", func() error { return r.use.SetRHS(70) }, nan, true, nan, nan},
		{"another limit", func() error { return r.t.SetBounds(1, 3) }, nan, true, nan, nan},
		{"what can be", func() error { return r.use.SetRHS(50) }, 150, false, 350, 150},
		{"one more constraint of the leader", func() error { r.m.Leader().Constrain("more", r.t.LE(2)); return nil }, 100, false, 150, nan},
		{"one more constraint of the drivers", func() error { r.drivers.Constrain("limit", r.x.LE(60)); return nil }, 100, false, nan, 100},
		{"a constant in the leader's objective", func() error { r.m.Leader().Maximize(r.t.Times(r.x).Plus(7)); return nil }, 107, true, 107, 107},
	} {
		if err := c.edit(); err != nil {
			t.Fatalf("%s: %v", c.reason, err)
		}
		res, err := s.Solve(context.Background())
		if err != nil {
			t.Fatalf("%s: %v", c.reason, err)
		}
		near := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-3 }
		if u := s.Reuse(); !near(res.Objective, c.value) || u.Settled != c.settled || !near(u.Bound, c.bound) || !near(u.Start, c.start) {
			t.Errorf("%s: %v, %+v; want %v, settled %v, bound %v, start %v", c.reason, res.Objective, u, c.value, c.settled, c.bound, c.start)
		}
		proof, status := bilevel.ProofGlobal, bilevel.StatusOptimal
		if math.IsNaN(c.value) {
			proof, status = bilevel.ProofInfeasible, bilevel.StatusInfeasible
		}
		if res.Proof != proof || res.Status != status {
			t.Errorf("%s: %v (%v)", c.reason, res.Status, res.Proof)
		}
		if said := strings.Contains(strings.Join(res.Notes, "; "), "no search"); said != c.settled {
			t.Errorf("%s: notes %q", c.reason, res.Notes)
		}
		if c.settled && proof == bilevel.ProofGlobal && (res.Certificate == nil || !res.Certificate.Verified || res.Value(r.t) == 0 || !(res.Gap <= 1e-6)) {
			t.Errorf("%s: the answer is incomplete: %+v", c.reason, res)
		}
	}
	s.Forget()
	if _, err := s.Solve(context.Background()); err != nil || s.Reuse().Settled || !math.IsNaN(s.Reuse().Start) {
		t.Errorf("after Forget: %v, %+v", err, s.Reuse())
	}
}

// Between two objectives with the same best decision it is the best one, too, and an unbounded problem stays so while points are let in.
func TestSessionObjectives(t *testing.T) {
	needsHighs(t)
	r := newRoads()
	s := bilevel.NewSession(r.m)
	at := func(c float64) *bilevel.Result {
		t.Helper()
		r.m.Leader().Maximize(r.t.Times(r.x).Times(c).Minus(r.y))
		res, err := s.Solve(context.Background())
		if err != nil || res.Proof != bilevel.ProofGlobal || math.Abs(res.Objective-(400*c-20)) > 1e-4 {
			t.Fatalf("at %v: %v: %+v", c, err, res)
		}
		return res
	}
	at(1)
	at(4)
	for _, c := range []float64{2, 3.3, 1.1} {
		if at(c); !s.Reuse().Settled {
			t.Errorf("at %v, between 1 and 4, there was a search: %+v", c, s.Reuse())
		}
	}
	if at(5); s.Reuse().Settled {
		t.Error("at 5 nothing is known")
	}

	m := bilevel.NewModel("unbounded")
	x, y := m.Leader().Var("x", 0, bilevel.Inf), m.Follower("f").Var("y", 0, bilevel.Inf)
	m.Follower("f").Minimize(y)
	m.Follower("f").Constrain("c", y.GE(x))
	c := m.Leader().Constrain("d", x.GE(1))
	m.Leader().Maximize(y)
	s = bilevel.NewSession(m)
	for k, step := range []struct {
		edit    func() error
		proof   bilevel.Proof
		settled bool
	}{
		{func() error { return nil }, bilevel.ProofUnbounded, false},
		{func() error { return c.SetRHS(0) }, bilevel.ProofUnbounded, true},
		{func() error { return c.SetRHS(2) }, bilevel.ProofUnbounded, false},
		{func() error { return m.Leader().SetObjectiveCoef(y, -1) }, bilevel.ProofGlobal, false},
	} {
		if err := step.edit(); err != nil {
			t.Fatal(err)
		}
		res, err := s.Solve(context.Background())
		if err != nil || res.Proof != step.proof || s.Reuse().Settled != step.settled {
			t.Errorf("step %d: %v: %v (%v), %+v", k, err, res.Status, res.Proof, s.Reuse())
		}
	}
}

// Another model, made anew, takes over what it shares; one with nothing in common starts from nothing.
func TestSessionSetModel(t *testing.T) {
	needsHighs(t)
	r := newRoads()
	s := bilevel.NewSession(r.m)
	for _, m := range []*bilevel.Model{r.m, newRoads().m} {
		s.SetModel(m)
		res, err := s.Solve(context.Background())
		if err != nil || res.Proof != bilevel.ProofGlobal || res.Model != m || s.Model() != m || s.Reuse().Settled != (m != r.m) {
			t.Errorf("%v: %+v, %+v", err, res, s.Reuse())
		}
	}
	other := bilevel.NewModel("other")
	x := other.Leader().Var("x", 2, 3)
	other.Leader().Minimize(x)
	s.SetModel(other)
	res, err := s.Solve(context.Background())
	if err != nil || res.Objective != 2 || s.Reuse().Settled {
		t.Errorf("another model: %v: %+v, %+v", err, res, s.Reuse())
	}
	s.SetModel(nil)
	if _, err := s.Solve(context.Background()); err == nil {
		t.Error("a session without a model solves")
	}
}

// Followers that break ties against the leader make other values of the same decisions: nothing is taken over.
func TestSessionOfPessimists(t *testing.T) {
	needsHighs(t)
	m := bilevel.NewModel("ties")
	x, y := m.Leader().Var("x", 0, 4), m.Follower("f").Var("y", 0, 3)
	m.Follower("f").Minimize(model.Const(0))
	m.Leader().Minimize(x.Minus(y))
	s := bilevel.NewSession(m, bilevel.Options{Attitude: bilevel.Pessimistic})
	for range 2 {
		res, err := s.Solve(context.Background())
		if err != nil || math.Abs(res.Objective) > 1e-5 || s.Reuse().Settled {
			t.Fatalf("%v: %v (%v) %v, %+v; want 0", err, res.Status, res.Proof, res.Objective, s.Reuse())
		}
	}
}
