package valuefunction_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/valuefunction"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func options() verify.Options { return bilevel.VerifyOptions(bilevel.Options{}) }

// TestValue compares values and gradients with formulas by hand and with differences of values.
func TestValue(t *testing.T) {
	for _, c := range []struct {
		name, text string
		phi        func(x float64) float64
		at         []float64
	}{
		{"linear", `var x; lower; var y >= 0, <= 9; maximize f: 2*y - x; subject to c: y <= 3 + 2*x; upper; minimize F: x + y;`,
			func(x float64) float64 { return -(2*math.Min(9, math.Max(0, 3+2*x)) - x) }, []float64{-1, 0, 2, 5}},
		{"equation", `var x; lower; var y {1..2} >= 0; minimize f: y[1] + 3*y[2]; subject to c: y[1] + y[2] = x; subject to r: y[1] <= 2; upper; minimize F: x + y[1];`,
			func(x float64) float64 { return math.Min(x, 2) + 3*math.Max(0, x-2) }, []float64{0.5, 1, 3}},
		{"quadratic", `var x; lower; var y >= 1; minimize f: y^2 - x*y + x^3; upper; minimize F: x + y;`,
			func(x float64) float64 { y := math.Max(1, x/2); return y*y - x*y + x*x*x }, []float64{-1, 1, 3}},
		{"nonlinear", `var x; lower; var y >= -5, <= 5; minimize f: exp(y) - x*y; upper; minimize F: x + y;`,
			func(x float64) float64 { return x - x*math.Log(x) }, []float64{0.5, 2}},
		{"two followers", `var x; lower a; var y >= 0; minimize f: (y - x)^2; lower b; var z; maximize g: -(z + x)^2 + x; upper; minimize F: x + y + z;`,
			func(x float64) float64 { y := math.Max(0, x); return (y-x)*(y-x) - x }, []float64{-1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := read(t, c.text)
			o, err := valuefunction.NewOracle(m, options())
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range c.at {
				p := make([]float64, m.NumVars())
				p[0] = x
				v, err := o.At(context.Background(), p)
				if err != nil {
					t.Fatal(err)
				}
				if want := c.phi(x); math.Abs(v.Phi-want) > 1e-6*math.Max(1, math.Abs(want)) {
					t.Errorf("φ(%g) = %g, want %g", x, v.Phi, want)
				}
				const h = 1e-5
				want := (c.phi(x+h) - c.phi(x-h)) / (2 * h)
				if math.Abs(v.Gradient[0]-want) > 1e-4*math.Max(1, math.Abs(want)) {
					t.Errorf("φ'(%g) = %g, want %g", x, v.Gradient[0], want)
				}
				for j := 1; j < m.NumVars(); j++ {
					if v.Gradient[j] != 0 {
						t.Errorf("the gradient has an entry for %s", m.VarName(j))
					}
				}
			}
		})
	}
}

// TestValueOfIntegers: a knapsack, whose value is a step function.
func TestValueOfIntegers(t *testing.T) {
	m := read(t, `var x; lower; var y {1..2} integer >= 0, <= 3; maximize f: 5*y[1] + 3*y[2]; subject to c: 3*y[1] + 2*y[2] <= x; upper; minimize F: x + y[1];`)
	o, err := valuefunction.NewOracle(m, options())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ x, best float64 }{{1.5, 0}, {2, 3}, {3.9, 5}, {5, 8}, {7, 11}} {
		v, err := o.At(context.Background(), []float64{c.x, 0, 0})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(v.Phi+c.best) > 1e-6 || v.Gradient != nil {
			t.Errorf("φ(%g) = %g, want %g; gradient %v, want none", c.x, v.Phi, -c.best, v.Gradient)
		}
	}
	var none *verify.AnswerError
	if _, err := o.At(context.Background(), []float64{-1, 0, 0}); !errors.As(err, &none) {
		t.Errorf("a follower without an answer: %v", err)
	}
}

func TestRefused(t *testing.T) {
	for _, text := range []string{
		`var x >= 0; minimize F: x;`,
		`var x integer >= 0, <= 3; lower; var y >= 0; minimize f: y*x; upper; minimize F: x + y;`,
		`var x >= 0; lower; var y integer >= 0, <= 2; minimize f: y*x; upper; minimize F: x + y;`,
		`var x >= 0; lower; var y >= 0; minimize f: y; subject to c: y >= x; upper; minimize F: x + c.dual;`,
	} {
		var no *reform.NotAcceptedError
		if _, err := valuefunction.New(read(t, text)); !errors.As(err, &no) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
