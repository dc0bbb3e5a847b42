package global

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

func TestHasValues(t *testing.T) {
	for _, c := range []struct {
		name       string
		f          func(x, y model.Expr) model.Expr
		everywhere bool
		found      bool // a point without a value
	}{
		{"no such operation", func(x, y model.Expr) model.Expr { return model.Sin(x.Times(y)) }, true, false},
		{"a root that the constraint keeps", func(x, y model.Expr) model.Expr { return model.Sqrt(x.Minus(y)) }, true, false},
		{"a root that it does not keep", func(x, y model.Expr) model.Expr { return model.Sqrt(y.Minus(x).Plus(0.5)) }, false, true},
		{"a logarithm at the end", func(x, y model.Expr) model.Expr { return model.Log(x.Minus(y)) }, false, true},
		{"a logarithm away from it", func(x, y model.Expr) model.Expr { return model.Log(x.Minus(y).Plus(1e-3)) }, true, false},
		{"a pole outside", func(x, y model.Expr) model.Expr { return y.Over(y.Minus(x).Minus(0.01)) }, true, false},
		{"a pole inside", func(x, y model.Expr) model.Expr { return y.Over(y.Minus(0.5)) }, false, false},
		{"a power", func(x, y model.Expr) model.Expr { return x.Minus(y).Pow(1.5).Plus(x.Minus(y).Plus(1).Pow(-2)) }, true, false},
		{"a root in a root", func(x, y model.Expr) model.Expr { return model.Sqrt(model.Sqrt(x.Minus(y)).Minus(0.5)) }, false, true},
		{"an arcus", func(x, y model.Expr) model.Expr { return model.Asin(x.Minus(y)) }, true, false},
		{"an arcus beyond", func(x, y model.Expr) model.Expr { return model.Asin(x.Minus(y).Times(1.1)) }, false, true},
	} {
		m := model.New("domain")
		x, y := m.Leader().Var("x", 0, 1), m.Leader().Var("y", 0, 1)
		m.Leader().Constrain("order", y.LE(x))
		m.Leader().Minimize(c.f(x.Times(1), y.Times(1)))
		everywhere, at, err := HasValues(context.Background(), m, m.Leader().Objective().F, Options{MaxBoxes: 2000})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if everywhere != c.everywhere || (at != nil) != c.found {
			t.Errorf("%s: everywhere %v, found %v", c.name, everywhere, at)
		}
		if at != nil && m.ObjectiveValue(0, at) == m.ObjectiveValue(0, at) && m.ObjectiveValue(0, at)-m.ObjectiveValue(0, at) == 0 {
			t.Errorf("%s: the objective is %v at %v", c.name, m.ObjectiveValue(0, at), at)
		}
	}
}
