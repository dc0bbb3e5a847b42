package implicit_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/implicit"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

func problem(t *testing.T, text string) *response.Problem {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := response.New(m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSolve compares with answers by hand.
func TestSolve(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       float64
		x          []float64
		kinks      bool
		reason     string
	}{
		{name: "smooth", want: 0.5, x: []float64{0.5, 0.5}, reason: "y = x: min (x-1)² + x²",
			text: "upper; var x; lower; var y; minimize f: (y - x)^2; upper; minimize F: (x - 1)^2 + y^2;"},
		{name: "kink at the optimum", want: 1, x: []float64{0, 0}, kinks: true, reason: "y = max(x, 0): F = (x+1)² for x >= 0 and 1 - x + x² left of it, both at least 1",
			text: "upper; var x >= -3, <= 3; lower; var y >= 0; minimize f: (y - x)^2; upper; minimize F: x^2 + 3*y - x + 1;"},
		{name: "coupling", want: 8, x: []float64{2, 2}, reason: "y = x and x + y >= 4",
			text: "upper; var x; lower; var y; minimize f: (y - x)^4 + (y - x)^2; upper; minimize F: x^2 + y^2; s.t. c: x + y >= 4;"},
		{name: "linear rows of the leader", want: -6, x: []float64{1, 2, 3}, reason: "y = a + b <= 3 and F = -(a+b+y)",
			text: "upper; var a >= 0, <= 1; var b >= 0; s.t. c: a + b <= 3; lower; var y; minimize f: (y - a - b)^2; upper; minimize F: -a - b - y + (b - 2)^2;"},
		{name: "exponential follower", want: 0.25, x: []float64{0.5, math.Exp(0.5)}, reason: "log y = x: (x - 1)² over x <= 1/2",
			text: "upper; var x >= -1, <= 0.5; lower; var y >= 0.01; minimize f: y - exp(x)*log(y); upper; minimize F: (x - 1)^2;"},
		{name: "linear follower", want: -0.5, x: []float64{0.5, 0.5}, reason: "y = min(x, 1-x)",
			text: "upper; var x >= 0, <= 1; lower; var y; maximize f: y; s.t. a: y <= x; b: y <= 1 - x; upper; minimize F: -y;"},
		{name: "edge of the decisions with answers", want: -1.5, x: []float64{2, 1}, reason: "x - 1 <= y <= 3 - x needs x <= 2: F falls up to there",
			text: "upper; var x >= 0; lower; var y >= 0; minimize f: y; s.t. a: y >= x - 1; b: y <= 3 - x; upper; minimize F: -x + 0.5*y;"},
		{name: "round edge", want: -3, x: []float64{3, 0}, reason: "x² + y² <= 9 needs x <= 3",
			text: "upper; var x >= -5; lower; var y; minimize f: (y - 1)^2; s.t. a: x^2 + y^2 <= 9; upper; minimize F: -x + 0*y;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := problem(t, c.text)
			for _, only := range []bool{false, true} {
				start, _ := p.Model.StartPoint()
				for _, shift := range []float64{0.3, -0.77} {
					x := append([]float64(nil), start...)
					x[0] += shift
					r, err := implicit.Solve(context.Background(), p, x, implicit.Options{Smooth: &newton.Solver{}, Backend: highs.New(), BundleOnly: only})
					if err != nil {
						t.Fatal(err)
					}
					t.Logf("%+v", *r)
					if math.Abs(r.Objective-c.want) > 1e-5 || r.Status != model.StatusLocal {
						t.Errorf("bundle only %v from %v: %v value %v, want %v (%s)", only, x, r.Status, r.Objective, c.want, c.reason)
						continue
					}
					for j, v := range c.x {
						if math.Abs(r.X[j]-v) > 1e-3 {
							t.Errorf("variable %d is %v, want %v", j, r.X[j], v)
						}
					}
				}
			}
		})
	}
}
