package model_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestSquaresFarFromZero evaluates products of affine functions that are small where their expanded terms are large: the value is what the factors give.
func TestSquaresFarFromZero(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 5))
	for _, c := range []struct{ at, width float64 }{{1e6, 1}, {1e6, 0.01}, {1e5, 1}, {-1e6, 10}, {1e4, 1}, {1e3, 1}, {0, 1}} {
		m := model.New("far")
		x, y := m.Leader().Var("x", c.at-c.width, c.at+c.width), m.Leader().Var("y", c.at-c.width, c.at+c.width)
		u, v := x.Minus(c.at).Times(1/c.width), y.Minus(c.at).Times(1/c.width)
		m.Leader().Minimize(u.Pow(2).Times(0.7).Plus(u.Times(v).Times(0.3)).Plus(x.Minus(y).Pow(2).Times(0.9 / (c.width * c.width))))
		m.Leader().Constrain("c", v.Times(v).Times(1.1).LE(0.5))
		if err := m.Err(); err != nil {
			t.Fatal(err)
		}
		for range 50 {
			p := []float64{c.at + c.width*(2*rng.Float64()-1), c.at + c.width*(2*rng.Float64()-1)}
			a, b := (p[0]-c.at)/c.width, (p[1]-c.at)/c.width
			want := 0.7*a*a + 0.3*a*b + 0.9*(a-b)*(a-b)
			if got := m.ObjectiveValue(0, p); math.Abs(got-want) > 1e-7 {
				t.Fatalf("about %v, width %v: the objective is %v; want %v", c.at, c.width, got, want)
			}
			if got, want := m.RowViolation(0, p), math.Max(0, 1.1*b*b-0.5); math.Abs(got-want) > 1e-7 {
				t.Fatalf("about %v, width %v: the violation is %v; want %v", c.at, c.width, got, want)
			}
		}
	}
}

// TestExpandedSquaresAreExact evaluates quadratic functions whose variables have no bounds, and which are therefore expanded, where the terms cancel.
func TestExpandedSquaresAreExact(t *testing.T) {
	inf := math.Inf(1)
	m := model.New("free")
	y, z := m.Leader().Var("y", -inf, inf), m.Leader().Var("z", -inf, inf)
	m.Leader().Minimize(y.Minus(1e6).Pow(2).Plus(y.Minus(z).Pow(2)))
	if f := m.Leader().Objective().F; len(f.Quad) != 3 || f.Nonlinear != 0 {
		t.Fatalf("the objective is %+v; want it expanded", f)
	}
	rng := rand.New(rand.NewPCG(6, 7))
	for range 100 {
		p := []float64{1e6 + rng.NormFloat64()*1e-3, 1e6 + rng.NormFloat64()}
		exact := func(a, b float64) *big.Float {
			d := new(big.Float).SetPrec(200).Sub(new(big.Float).SetPrec(200).SetFloat64(a), new(big.Float).SetPrec(200).SetFloat64(b))
			return d.Mul(d, d)
		}
		want, _ := new(big.Float).SetPrec(200).Add(exact(p[0], 1e6), exact(p[0], p[1])).Float64()
		if got := m.ObjectiveValue(0, p); math.Abs(got-want) > 1e-15*(1+want) {
			t.Fatalf("at %v: %v; want %v", p, got, want)
		}
	}
	if v := m.ObjectiveValue(0, []float64{1e200, 0}); !math.IsInf(v, 1) {
		t.Errorf("beyond the largest number: %v", v)
	}
}

// TestOrdinarySquaresAreExpanded expands what loses nothing, so that it stays quadratic.
func TestOrdinarySquaresAreExpanded(t *testing.T) {
	inf := math.Inf(1)
	for _, b := range [][3]float64{{0, 10, 3}, {-1e6, 1e6, 1e6}, {1000, 1001, 1000}, {-inf, inf, 1e6}, {0, inf, 1e6}, {1e6, 1e6, 1e6}, {1e-6, 2e-6, 1e-6}} {
		m := model.New("near")
		x := m.Leader().Var("x", b[0], b[1])
		m.Leader().Minimize(x.Minus(b[2]).Pow(2))
		if f := m.Leader().Objective().F; !f.IsQuadratic() || len(f.Quad) != 1 {
			t.Errorf("(x - %v)² with x in [%v, %v] became %+v", b[2], b[0], b[1], f)
		}
	}
}

// TestFarSquaresOfUnboundedVariables keeps squares whose constants would lose the digits that count, also where a variable without bounds stands beside one that is far from zero.
func TestFarSquaresOfUnboundedVariables(t *testing.T) {
	inf := math.Inf(1)
	m := model.New("free")
	x, y := m.Leader().Var("x", 1e6-0.01, 1e6+0.01), m.Leader().Var("y", -inf, inf)
	u, v := y.Minus(1000).Times(1e4), x.Minus(1e6).Times(100).Plus(y.Minus(1000).Times(1e-4))
	m.Leader().Minimize(u.Pow(2).Times(1.1).Plus(u.Times(u.Times(0.3))).Plus(u.Times(0.7)))
	m.Leader().Constrain("c", v.Pow(2).Times(-0.8).LE(5))
	rng := rand.New(rand.NewPCG(8, 9))
	for range 100 {
		p := []float64{1e6 + 0.01*(2*rng.Float64()-1), 1000 + rng.NormFloat64()*1e-4}
		a, b := (p[1]-1000)*1e4, (p[0]-1e6)*100+(p[1]-1000)*1e-4
		if got, want := m.ObjectiveValue(0, p), 1.4*a*a+0.7*a; math.Abs(got-want) > 1e-8*(1+want) {
			t.Fatalf("the objective is %v; want %v", got, want)
		}
		if got, want := m.RowValue(0, p), -0.8*b*b; math.Abs(got-want) > 1e-6 { // 100 x is 1e8, known to 1.5e-8
			t.Fatalf("the constraint is %v; want %v", got, want)
		}
	}
	// A revenue is large between its zeros, and stays quadratic.
	n := model.New("revenue")
	q := n.Leader().Var("q", 0, inf)
	n.Leader().Maximize(model.Const(5e7).Minus(q.Times(10)).Times(q.Minus(5e4)))
	if f := n.Leader().Objective().F; len(f.Quad) != 1 || f.Nonlinear != 0 {
		t.Errorf("the revenue is %+v", f)
	}
}
