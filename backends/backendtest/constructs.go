package backendtest

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// sample is a small model with one construct.
type sample struct {
	construct model.Constructs
	build     func(m *model.Model, x, y model.Var)
}

var samples = []sample{
	{model.Followers, func(m *model.Model, x, y model.Var) {
		p := m.Follower("second")
		z := p.Var("z", 0, 1)
		p.Minimize(z.Minus(x))
	}},
	{model.Complementarity, func(m *model.Model, x, y model.Var) { m.Leader().Complement("pair", x, y) }},
	{model.MixedPairs, func(m *model.Model, x, y model.Var) { m.Leader().Mixed("pair", 0, x, 1, y) }},
	{model.IntegerVariables, func(m *model.Model, x, y model.Var) { m.SetVarKind(x.Index(), model.Integer) }},
	{model.SOS1Sets, func(m *model.Model, x, y model.Var) {
		m.AddSOS1(model.SOS1{Name: "set", Vars: []int32{0, 1}, Weights: []float64{1, 2}})
	}},
	{model.IndicatorRows, func(m *model.Model, x, y model.Var) {
		m.SetVarKind(x.Index(), model.Binary)
		row := m.Leader().Constrain("conditional", y.LE(1))
		m.AddIndicator(model.Indicator{Row: row.Index(), Binary: x.Index(), When: true})
	}},
	{model.ConvexQuadraticObjective, func(m *model.Model, x, y model.Var) { m.Leader().Minimize(x.Times(x).Plus(y)) }},
	{model.QuadraticObjective, func(m *model.Model, x, y model.Var) { m.Leader().Minimize(x.Times(y)) }},
	{model.QuadraticObjective, func(m *model.Model, x, y model.Var) { m.Leader().Maximize(x.Times(x).Plus(y)) }},
	{model.QuadraticRows, func(m *model.Model, x, y model.Var) { m.Leader().Constrain("disc", x.Times(x).Plus(y.Times(y)).LE(1)) }},
	{model.QuadraticRows, func(m *model.Model, x, y model.Var) { m.Leader().Constrain("hyperbola", x.Times(y).GE(1)) }},
	{model.NonlinearFunctions, func(m *model.Model, x, y model.Var) { m.Leader().Minimize(model.Exp(x).Plus(y)) }},
	{model.NonlinearFunctions, func(m *model.Model, x, y model.Var) { m.Leader().Constrain("curve", model.Exp(x).LE(2)) }},
}

// build makes the model of a sample.
func (s sample) model() *model.Model {
	m := model.New("sample")
	x, y := m.Leader().Var("x", 0, 3), m.Leader().Var("y", 0, 3)
	m.Leader().Minimize(x.Plus(y))
	s.build(m, x, y)
	return m
}

// constructs checks that what a backend does not declare to take is refused with a typed error that names it, and what it declares is not
// refused.
func (s *suite) constructs(t *testing.T) {
	for _, c := range samples {
		t.Run(c.construct.String(), func(t *testing.T) {
			m := c.model()
			if err := m.Err(); err != nil {
				t.Fatalf("the case itself is wrong: %v", err)
			}
			has := m.Constructs()
			if !has.Has(c.construct) {
				t.Fatalf("the case itself is wrong: it has %v", has)
			}
			before := snapshot(m)
			r, err := s.backend.Solve(context.Background(), m, s.merge(backends.Options{}), nil)
			if !before.equal(snapshot(m)) {
				t.Error("the model was changed")
			}
			extra := has.Without(s.caps.Takes)
			if extra == 0 {
				if err != nil || r == nil || r.Point == nil {
					t.Errorf("%v is declared, yet: %v, %v", c.construct, r, err)
				}
				return
			}
			var unsupported *backends.UnsupportedError
			if !errors.As(err, &unsupported) {
				t.Fatalf("%v is not declared; result %v, error %v", c.construct, r, err)
			}
			if unsupported.Backend != s.backend.Name() || unsupported.Construct&extra == 0 {
				t.Errorf("the error names %s and %v, want %s and %v", unsupported.Backend, unsupported.Construct, s.backend.Name(), extra)
			}
			if r != nil {
				t.Errorf("a result with the error: %+v", r)
			}
		})
	}
	t.Run("integer variables with a quadratic objective", s.integerQuadratic)
	t.Run("a model with mistakes", s.mistakes)
}

// integerQuadratic allows a backend that takes both constructs apart to refuse them together, by the same typed error, and else wants the
// right answer.
func (s *suite) integerQuadratic(t *testing.T) {
	s.requires(t, model.IntegerVariables|model.ConvexQuadraticObjective)
	f := form{cost: nums(-3.2, 0), kind: integers(2), quad: terms{square(0, 1), square(1, 1)}} // (x - 1.6)² + y² - 2.56
	r, err := s.backend.Solve(context.Background(), f.model(), s.merge(backends.Options{}), nil)
	var unsupported *backends.UnsupportedError
	if errors.As(err, &unsupported) {
		if !unsupported.Construct.Has(model.IntegerVariables | model.ConvexQuadraticObjective) {
			t.Errorf("the error names %v, want both constructs", unsupported.Construct)
		}
		return
	}
	if err != nil || r.Point == nil || !s.near(r.Objective, -2.4) {
		t.Errorf("%+v, %v; want x = 2 with -2.4", r, err)
	}
}

// mistakes checks that the errors of a model come out before anything is solved.
func (s *suite) mistakes(t *testing.T) {
	m := model.New("mistakes")
	x := m.Leader().Var("x", 0, math.NaN())
	m.Leader().Minimize(x)
	if r, err := s.backend.Solve(context.Background(), m, s.merge(backends.Options{}), nil); !errors.Is(err, model.ErrNotFinite) || r != nil {
		t.Errorf("result %v, error %v; want the model's own error", r, err)
	}
}
