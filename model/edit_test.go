package model_test

import (
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// edited is a small bilevel model with handles on its parts.
type edited struct {
	m          *model.Model
	t, x, y    model.Var
	open       model.Var
	trips, cap model.Constraint
	band, free model.Constraint
	f          *model.Player
}

func newEdited() *edited {
	e := &edited{m: model.New("edited")}
	l := e.m.Leader()
	e.f = e.m.Follower("f")
	e.t, e.open = l.Var("t", 0, 10), l.Binary("open")
	e.x, e.y = e.f.Var("x", 0, model.Inf), e.f.Var("y", 0, model.Inf)
	e.f.Minimize(model.Sum(e.t.Plus(2).Times(e.x), e.y.Times(7)))
	e.trips = e.f.Constrain("trips", e.x.Plus(e.y).Eq(100))
	e.cap = e.f.Constrain("cap", e.x.Plus(3).LE(80))
	e.band = l.Constrain("band", e.t.Between(1, 9))
	e.free = l.Constrain("free", e.t.Plus(e.x).Plus(5).Between(-model.Inf, model.Inf))
	l.Maximize(e.t.Times(e.x))
	return e
}

func TestEdits(t *testing.T) {
	e := newEdited()
	before := e.m.Derive()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	e.t.Start(8)
	must(e.t.SetBounds(2, 6))
	if lo, hi := e.t.Bounds(); lo != 2 || hi != 6 || e.m.VarStart(e.t.Index()) != 6 {
		t.Errorf("bounds [%v, %v], start %v; want [2, 6] and 6", lo, hi, e.m.VarStart(e.t.Index()))
	}
	must(e.open.Fix(1))
	must(e.trips.SetRHS(120))
	must(e.cap.SetRHS(50))
	must(e.band.SetBounds(0, 7))
	must(e.free.SetBounds(0, 40))
	must(e.cap.SetCoef(e.y, 2))
	must(e.cap.SetCoef(e.x, 0))
	must(e.trips.SetCoef(e.x, 3))
	must(e.f.SetObjectiveCoef(e.y, 6))
	must(e.m.Err())
	x := []float64{4, 1, 10, 20} // t, open, x, y
	for _, c := range []struct {
		row      model.Constraint
		value    float64
		lo, hi   float64
		was      float64
		wlo, whi float64
	}{
		{e.trips, 50, 120, 120, 30, 100, 100},
		{e.cap, 40, math.Inf(-1), 50, 10, math.Inf(-1), 77},
		{e.band, 4, 0, 7, 4, 1, 9},
		{e.free, 14, 0, 40, 19, math.Inf(-1), math.Inf(1)},
	} {
		r := c.row.Index()
		if lo, hi := c.row.Bounds(); e.m.RowValue(r, x) != c.value || lo != c.lo || hi != c.hi {
			t.Errorf("%s: %v in [%v, %v], want %v in [%v, %v]", c.row.Name(), e.m.RowValue(r, x), lo, hi, c.value, c.lo, c.hi)
		}
		if lo, hi := before.RowBounds(r); before.RowValue(r, x) != c.was || lo != c.wlo || hi != c.whi {
			t.Errorf("%s of the model derived before: %v in [%v, %v], want %v in [%v, %v]", c.row.Name(), before.RowValue(r, x), lo, hi, c.was, c.wlo, c.whi)
		}
	}
	if got := e.m.ObjectiveValue(1, x); got != 60+6*20 {
		t.Errorf("the follower's objective is %v, want 180", got)
	}
	if got := before.ObjectiveValue(1, x); got != 60+7*20 {
		t.Errorf("the follower's objective of the model derived before is %v, want 200", got)
	}
	if e.cap.Coef(e.y) != 2 || e.cap.Coef(e.x) != 0 {
		t.Errorf("coefficients %v and %v, want 2 and 0", e.cap.Coef(e.y), e.cap.Coef(e.x))
	}
	must(e.cap.Drop())
	if e.m.RowViolation(e.cap.Index(), []float64{0, 0, 1e6, 1e6}) != 0 {
		t.Error("a constraint that was dropped is violated")
	}
}

// An edit that cannot be says so and changes nothing.
func TestEditsThatCannotBe(t *testing.T) {
	e := newEdited()
	g := e.m.Follower("g")
	z := g.Var("z", 0, 1)
	g.Minimize(z)
	price := e.trips.Dual()
	mp := model.New("pairs")
	a, b := mp.Leader().Var("a", 0, 5), mp.Leader().Var("b", 0, 5)
	mp.AddPairs("p", nil, model.Pair{A: model.Member{Side: model.AtLower, Index: int32(a.Index())}, B: model.Member{Side: model.AtUpper, Index: int32(b.Index())}})
	other := model.New("other").Leader().Var("o", 0, 1)
	for _, c := range []struct {
		reason string
		err    error
		cause  error
	}{
		{"crossed bounds", e.t.SetBounds(3, 2), model.ErrContradiction},
		{"a bound NaN", e.t.SetBounds(math.NaN(), 2), model.ErrNotFinite},
		{"no value left", e.t.SetBounds(math.Inf(1), math.Inf(1)), model.ErrNotFinite},
		{"a binary variable up to 2", e.open.SetBounds(0, 2), model.ErrContradiction},
		{"bounds of a shadow price", price.SetBounds(0, 1), model.ErrOperand},
		{"the zero of a pair", a.SetBounds(math.Inf(-1), 5), model.ErrContradiction},
		{"the zero of a pair above", b.SetBounds(0, math.Inf(1)), model.ErrContradiction},
		{"a Var never made", model.Var{}.SetBounds(0, 1), model.ErrOperand},
		{"a Constraint never made", model.Constraint{}.SetRHS(0), model.ErrOperand},
		{"two sides", e.band.SetRHS(4), model.ErrOperand},
		{"no side", e.free.SetRHS(4), model.ErrOperand},
		{"an infinite right-hand side", e.cap.SetRHS(math.Inf(1)), model.ErrNotFinite},
		{"crossed sides", e.band.SetBounds(4, 3), model.ErrContradiction},
		{"a coefficient NaN", e.cap.SetCoef(e.x, math.NaN()), model.ErrNotFinite},
		{"a variable of another model", e.cap.SetCoef(other, 1), model.ErrOtherModel},
		{"another follower's variable", e.cap.SetCoef(z, 1), model.ErrScope},
		{"another follower's variable in an objective", e.f.SetObjectiveCoef(z, 1), model.ErrScope},
		{"a shadow price in a follower's constraint", e.cap.SetCoef(price, 1), model.ErrScope},
		{"no objective", mp.Leader().SetObjectiveCoef(a, 1), model.ErrOperand},
	} {
		var build *model.BuildError
		if !errors.Is(c.err, c.cause) || !errors.As(c.err, &build) || build.Remedy == "" {
			t.Errorf("%s: %v, want a mistake of the kind %q with its remedy", c.reason, c.err, c.cause)
		}
	}
	fresh := newEdited()
	for r := range fresh.m.NumRows() {
		lo, hi := e.m.RowBounds(r)
		wlo, whi := fresh.m.RowBounds(r)
		if lo != wlo || hi != whi || len(e.m.RowFunction(r).Vars) != len(fresh.m.RowFunction(r).Vars) {
			t.Errorf("%s was changed", e.m.RowName(r))
		}
	}
	for j := range fresh.m.NumVars() {
		lo, hi := e.m.VarBounds(j)
		if wlo, whi := fresh.m.VarBounds(j); lo != wlo || hi != whi {
			t.Errorf("the bounds of %s were changed", e.m.VarName(j))
		}
	}
	if err := e.m.Err(); err != nil {
		t.Errorf("the model is no longer usable: %v", err)
	}
}
