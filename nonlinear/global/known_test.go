package global

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// known are programs whose optimal values are published or follow by hand.
func known() []struct {
	name  string
	want  float64
	boxes int
	build func(m *model.Model)
} {
	sq := func(e model.Expr) model.Expr { return e.Pow(2) }
	return []struct {
		name  string
		want  float64
		boxes int
		build func(m *model.Model)
	}{
		{"six-hump camel (Dixon and Szegö 1978)", -1.0316284534898774, 3000, func(m *model.Model) {
			x := m.Leader().Vars("x", 2, -3, 3)
			a, b := x[0].Pow(2), x[1].Pow(2)
			m.Leader().Minimize(a.Times(4).Minus(sq(a).Times(2.1)).Plus(x[0].Pow(6).Over(3)).Plus(x[0].Times(x[1])).Minus(b.Times(4)).Plus(sq(b).Times(4)))
		}},
		{"Branin (Dixon and Szegö 1978)", 0.39788735772973816, 3000, func(m *model.Model) {
			x := m.Leader().Var("x", -5, 10)
			y := m.Leader().Var("y", 0, 15)
			q := y.Minus(x.Pow(2).Times(5.1 / (4 * math.Pi * math.Pi))).Plus(x.Times(5 / math.Pi)).Minus(6)
			m.Leader().Minimize(sq(q).Plus(model.Cos(x).Times(10 * (1 - 1/(8*math.Pi)))).Plus(10))
		}},
		{"Rastrigin in three variables", 0, 3000, func(m *model.Model) {
			x := m.Leader().Vars("x", 3, -5.12, 5)
			f := model.Const(30)
			for _, v := range x {
				f = f.Plus(v.Pow(2)).Minus(model.Cos(v.Times(2 * math.Pi)).Times(10))
			}
			m.Leader().Minimize(f)
		}},
		{"Rosenbrock in four variables", 0, 5000, func(m *model.Model) {
			x := m.Leader().Vars("x", 4, -3, 3)
			f := model.Const(0)
			for k := range 3 {
				f = f.Plus(sq(x[k+1].Minus(x[k].Pow(2))).Times(100)).Plus(sq(x[k].Minus(1)))
			}
			m.Leader().Minimize(f)
		}},
		{"Goldstein-Price", 3, 5000, func(m *model.Model) {
			v := m.Leader().Vars("x", 2, -2, 2)
			x, y := v[0], v[1]
			a := sq(x.Plus(y).Plus(1)).Times(x.Pow(2).Times(3).Minus(x.Times(14)).Plus(19).Minus(y.Times(14)).Plus(x.Times(y).Times(6)).Plus(y.Pow(2).Times(3))).Plus(1)
			b := sq(x.Times(2).Minus(y.Times(3))).Times(x.Pow(2).Times(12).Minus(x.Times(32)).Plus(18).Plus(y.Times(48)).Minus(x.Times(y).Times(36)).Plus(y.Pow(2).Times(27))).Plus(30)
			m.Leader().Minimize(a.Times(b))
		}},
		{"concave quadratic over a simplex: a vertex", -4, 200, func(m *model.Model) {
			x := m.Leader().Vars("x", 3, 0, 2)
			m.Leader().Minimize(x[0].Pow(2).Plus(x[1].Pow(2)).Plus(x[2].Pow(2)).Times(-1))
			m.Leader().Constrain("sum", x[0].Plus(x[1]).Plus(x[2]).LE(2))
		}},
		{"linear on a nonconvex set: the point where xy = 4 touches", -6.666666666666667, 500, func(m *model.Model) {
			x := m.Leader().Var("x", 0, 6)
			y := m.Leader().Var("y", 0, 4)
			m.Leader().Minimize(x.Plus(y).Times(-1))
			m.Leader().Constrain("product", x.Times(y).LE(4))
		}},
		{"on a circle (equation)", -math.Sqrt2, 500, func(m *model.Model) {
			x := m.Leader().Vars("x", 2, -2, 2)
			m.Leader().Minimize(x[0].Plus(x[1]))
			m.Leader().Constrain("circle", x[0].Pow(2).Plus(x[1].Pow(2)).Eq(1))
		}},
		{"inside of two circles, concave side: strictly between vertices", -2, 2000, func(m *model.Model) {
			x := m.Leader().Vars("x", 2, -2, 2)
			m.Leader().Minimize(x[0])
			m.Leader().Constrain("outer", x[0].Pow(2).Plus(x[1].Pow(2)).LE(4))
			m.Leader().Constrain("inner", x[0].Plus(3).Pow(2).Plus(x[1].Pow(2)).GE(1))
		}},
		{"kinks", -1, 2000, func(m *model.Model) {
			x := m.Leader().Vars("x", 2, -4, 4)
			m.Leader().Minimize(model.Abs(x[0].Minus(1)).Plus(model.Max(x[1], x[0].Times(-1))))
		}},
		{"integers: (3, 3)", -12, 500, func(m *model.Model) {
			x := m.Leader().Integer("x", 0, 5)
			y := m.Leader().Integer("y", 0, 5)
			m.Leader().Minimize(x.Times(y).Times(-2).Plus(x.Plus(y)))
			m.Leader().Constrain("disc", x.Pow(2).Plus(y.Pow(2)).LE(20))
		}},
		{"without bounds", -1.25, 500, func(m *model.Model) {
			x := m.Leader().Vars("x", 2, -model.Inf, model.Inf)
			m.Leader().Minimize(x[0].Pow(4).Minus(x[0].Pow(2).Times(2)).Plus(x[1].Pow(2)).Minus(x[1]))
		}},
		{"maximum", 1, 500, func(m *model.Model) {
			x := m.Leader().Var("x", -4, 4)
			m.Leader().Maximize(model.Sin(x).Minus(x.Minus(math.Pi / 2).Pow(2).Times(0.1)))
		}},
		{"complementarity", -3, 500, func(m *model.Model) {
			x := m.Leader().Vars("x", 2, 0, 3)
			m.Leader().Minimize(x[0].Plus(x[1]).Times(-1))
			m.Leader().Complement("pair", x[0], x[1])
		}},
	}
}

func TestKnownOptima(t *testing.T) {
	for _, c := range known() {
		t.Run(c.name, func(t *testing.T) {
			m := model.New("known")
			c.build(m)
			begin := time.Now()
			a, err := Minimise(context.Background(), m, Options{MaxBoxes: 20000})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v value %v bound %v boxes %d local %d  %v", a.Status, a.Value, a.Bound, a.Boxes, a.Local, time.Since(begin))
			sense := m.Leader().Objective().Sense.Sign()
			unit := math.Max(1, math.Abs(c.want))
			if a.Status != Optimal || math.Abs(a.Value-c.want) > 2e-6*unit {
				t.Errorf("%v with value %v at %v, want %v", a.Status, a.Value, a.X, c.want)
			}
			if sense*a.Bound > sense*c.want+1e-12*unit || sense*(c.want-a.Bound) > 2e-6*unit {
				t.Errorf("the bound %v is none for %v, or poor", a.Bound, c.want)
			}
			if a.Boxes > c.boxes {
				t.Errorf("%d boxes, want at most %d", a.Boxes, c.boxes)
			}
		})
	}
}
