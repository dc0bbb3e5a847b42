package bilevel

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// pieces is a model with every construct that a comparison looks at, and handles on its parts.
type pieces struct {
	m              *Model
	t, u, x, y     Var
	use, band, cap Constraint
	limit          Constraint
	f              *Player
}

func newPieces() *pieces {
	p := &pieces{m: NewModel("pieces")}
	l := p.m.Leader()
	p.f = p.m.Follower("f")
	p.t, p.u = l.Var("t", 0, 10), l.Var("u", -2, 3)
	p.x, p.y = p.f.Var("x", 0, 8), p.f.Var("y", 0, Inf)
	p.f.Minimize(Sum(p.t.Plus(2).Times(p.x), p.y.Times(7)))
	p.cap = p.f.Constrain("trips", p.x.Plus(p.y).Eq(10))
	p.use = l.Constrain("use", p.x.Plus(p.u).GE(1))
	p.band = l.Constrain("band", p.t.Plus(p.u.Times(2)).Between(-3, 12))
	p.limit = l.Constrain("limit", p.t.Plus(p.u).LE(90))
	l.Maximize(p.t.Times(p.x).Plus(p.u))
	return p
}

func TestRelation(t *testing.T) {
	for _, c := range []struct {
		reason                string
		edit                  func(p *pieces) error
		inside, around, known bool
	}{
		{"nothing", func(p *pieces) error { return nil }, true, true, true},
		{"an SOS1 set of the leader", func(p *pieces) error { p.m.AddSOS1(model.SOS1{Name: "s", Vars: []int32{0, 1}}); return nil }, true, false, true},
		{"an SOS1 set of the follower", func(p *pieces) error { p.m.AddSOS1(model.SOS1{Name: "s", Owner: 1, Vars: []int32{2, 3}}); return nil }, false, false, false},
		{"a start value", func(p *pieces) error { p.t.Start(4); return nil }, true, true, true},
		{"a tighter bound of the leader", func(p *pieces) error { return p.t.SetBounds(0, 9) }, true, false, true},
		{"a looser bound of the leader", func(p *pieces) error { return p.t.SetBounds(-1, 10) }, false, true, true},
		{"one tighter, one looser", func(p *pieces) error { return p.t.SetBounds(1, 11) }, false, false, true},
		{"a bound of the follower", func(p *pieces) error { return p.x.SetBounds(0, 7) }, false, false, false},
		{"an integer variable of the leader", func(p *pieces) error { p.m.SetVarKind(p.u.Index(), model.Integer); return nil }, true, false, true},
		{"an integer variable of the follower", func(p *pieces) error { p.m.SetVarKind(p.x.Index(), model.Integer); return nil }, false, false, false},
		{"a tighter constraint of the leader", func(p *pieces) error { return p.use.SetRHS(2) }, true, false, true},
		{"a looser constraint of the leader", func(p *pieces) error { return p.use.SetRHS(0) }, false, true, true},
		{"a dropped constraint of the leader", func(p *pieces) error { return p.band.Drop() }, false, true, true},
		{"a right-hand side of the follower", func(p *pieces) error { return p.cap.SetRHS(11) }, false, false, false},
		{"a coefficient of the follower", func(p *pieces) error { return p.cap.SetCoef(p.x, 2) }, false, false, false},
		{"an objective of the follower", func(p *pieces) error { return p.f.SetObjectiveCoef(p.y, 6) }, false, false, false},
		{"a constant in the follower's objective", func(p *pieces) error {
			p.f.Minimize(Sum(p.t.Plus(2).Times(p.x), p.y.Times(7), Const(5)))
			return nil
		}, true, true, true},
		{"a larger coefficient of a variable that is not negative, below", func(p *pieces) error { return p.use.SetCoef(p.x, 2) }, false, true, true},
		{"a smaller one", func(p *pieces) error { return p.use.SetCoef(p.x, 0.5) }, true, false, true},
		{"a larger one above", func(p *pieces) error { return p.limit.SetCoef(p.t, 2) }, true, false, true},
		{"a smaller one above", func(p *pieces) error { return p.limit.SetCoef(p.t, 0.5) }, false, true, true},
		{"the coefficient of a variable of both signs", func(p *pieces) error { return p.use.SetCoef(p.u, 2) }, false, false, true},
		{"a coefficient with a right-hand side that makes up for it", func(p *pieces) error {
			if err := p.use.SetCoef(p.u, 2); err != nil { // adds u, between -2 and 3
				return err
			}
			return p.use.SetRHS(4)
		}, true, false, true},
		{"a new constraint of the leader", func(p *pieces) error { p.m.Leader().Constrain("more", p.x.LE(5)); return nil }, true, false, true},
		{"a new constraint of the follower", func(p *pieces) error { p.f.Constrain("more", p.x.LE(5)); return nil }, false, false, false},
		{"a new variable of the leader", func(p *pieces) error { p.m.Leader().Var("v", 0, 1); return nil }, true, false, true},
		{"a new variable of the follower", func(p *pieces) error { p.f.Var("v", 0, 1); return nil }, false, false, false},
		{"a new follower", func(p *pieces) error { g := p.m.Follower("g"); g.Minimize(g.Var("v", 0, 1)); return nil }, false, false, false},
		{"a new pair", func(p *pieces) error { p.m.Leader().Complement("pair", p.t, p.u.Plus(2)); return nil }, true, false, true},
		{"a new set", func(p *pieces) error { p.m.Leader().SOS1("set", p.t, p.u); return nil }, true, false, true},
		{"the leader's objective, a coefficient", func(p *pieces) error { return p.m.Leader().SetObjectiveCoef(p.u, 3) }, true, true, true},
		{"the leader's objective, a product", func(p *pieces) error {
			p.m.Leader().Maximize(p.t.Times(p.x).Times(2).Plus(p.u))
			return nil
		}, true, true, true},
		{"the leader's sense", func(p *pieces) error {
			p.m.Leader().Minimize(p.t.Times(p.x).Plus(p.u))
			return nil
		}, true, true, false},
		{"a Nash game", func(p *pieces) error { p.f.Nash(); return nil }, false, false, false},
	} {
		p := newPieces()
		before := p.m.Derive()
		if err := c.edit(p); err != nil {
			t.Fatalf("%s: %v", c.reason, err)
		}
		for _, related := range []bool{true, false} {
			r := relate(before, p.m, related)
			if r.inside != c.inside || r.around != c.around || r.known != c.known {
				t.Errorf("%s: inside %v, around %v, objective known %v; want %v, %v, %v", c.reason, r.inside, r.around, r.known, c.inside, c.around, c.known)
			}
		}
	}
}

// A bound that the zero of a pair's slack stands at is part of what the pair means.
func TestRelationOfPairs(t *testing.T) {
	m := NewModel("pairs")
	a, b := m.Leader().Var("a", 0, 5), m.Leader().Var("b", 0, 5)
	m.AddPairs("p", nil, model.Pair{A: model.Member{Side: model.AtLower, Index: int32(a.Index())}, B: model.Member{Side: model.AtLower, Index: int32(b.Index())}})
	before := m.Derive()
	if err := a.SetBounds(1, 5); err != nil {
		t.Fatal(err)
	}
	if r := relate(before, m, true); r.inside || r.around {
		t.Errorf("inside %v, around %v: at a = 1 the pair now lets b be positive", r.inside, r.around)
	}
	if err := a.SetBounds(0, 5); err != nil {
		t.Fatal(err)
	}
	m.RemovePairs(func(int) bool { return true })
	if r := relate(before, m, true); r.inside || !r.around {
		t.Errorf("without the pair: inside %v, around %v", r.inside, r.around)
	}
}

// Models made apart are compared by their names.
func TestRelationOfModelsMadeApart(t *testing.T) {
	a, b := newPieces(), newPieces()
	if r := relate(a.m, b.m, false); !r.inside || !r.around || !r.sameObjective() {
		t.Errorf("the same model made twice: %+v", r)
	}
	c := NewModel("other")
	c.Leader().Var("s", 0, 10)
	if r := relate(a.m, c, false); r.inside || r.around {
		t.Errorf("another model: %+v", r)
	}
	n := func() *Model {
		m := NewModel("nonlinear")
		x := m.Leader().Var("x", 0, 1)
		m.Leader().Minimize(x)
		m.Leader().Constrain("curve", model.Exp(x).LE(2))
		return m
	}
	one := n()
	if r := relate(one.Derive(), one, true); !r.inside || !r.around {
		t.Errorf("a nonlinear model and itself: %+v", r)
	}
	if r := relate(one, n(), false); r.inside || r.around {
		t.Errorf("nonlinear functions of models made apart are not compared: %+v", r)
	}
}

func TestPolynomialExtent(t *testing.T) {
	m := NewModel("extent")
	l := m.Leader()
	x, y, z, w := l.Var("x", -2, 3), l.Var("y", 1, 4), l.Var("z", 0, Inf), l.Var("w", 0, 0)
	for _, c := range []struct {
		e           Expr
		least, most float64
	}{
		{x.Times(2).Minus(y), -8, 5},
		{x.Times(y), -8, 12},
		{x.Times(x), 0, 9},
		{x.Times(x).Neg(), -9, 0},
		{z.Times(y).Plus(1), 1, math.Inf(1)},
		{z.Times(w), 0, 0},
		{z.Neg(), math.Inf(-1), 0},
	} {
		l.Minimize(c.e)
		p := difference(model.Function{}, l.Objective().F)
		if p.shift != l.Objective().F.Const {
			t.Errorf("shift %v", p.shift)
		}
		if least, most := p.extent(m); least != c.least || most != c.most {
			t.Errorf("extent [%v, %v], want [%v, %v]", least, most, c.least, c.most)
		}
	}
}

func TestBetween(t *testing.T) {
	p := func(c ...float64) polynomial {
		return polynomial{vars: []int32{0, 2}[:len(c)-1], coefs: c[:len(c)-1], quad: []model.QuadTerm{{I: 0, J: 1, Coef: c[len(c)-1]}}}
	}
	for _, c := range []struct {
		a, b polynomial
		t    float64
	}{
		{p(1, 2, 3), p(-3, -6, -9), 0.75},
		{p(0.1, 0.2), p(-0.1, -0.2), 0.5},
		{p(2), p(-1), 1.0 / 3},
		{p(1, 2), p(1, 2), 0},
		{p(1, 2), p(-1, 2), 0},
		{p(1, 2), p(-1, -2.001), 0},
		{p(1, 2, 3), p(-1, -2), 0},
		{polynomial{}, polynomial{}, 0},
	} {
		got, ok := between(c.a, c.b)
		if ok != (c.t > 0) || ok && math.Abs(got-c.t) > 1e-15 {
			t.Errorf("between %v and %v: %v %v, want %v", c.a, c.b, got, ok, c.t)
		}
	}
}
