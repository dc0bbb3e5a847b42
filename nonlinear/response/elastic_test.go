package response_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// TestElastic measures how far decisions are from having an answer: y in [x - 1, 3 - x] is missed by 2x - 4.
func TestElastic(t *testing.T) {
	p, err := response.New(read(t, "upper; var x; lower; var y; maximize f: y; s.t. a: y >= x - 1; s.t. b: y <= 3 - x; s.t. only: x <= 9; upper; minimize F: x;"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Elastic()
	if err != nil {
		t.Fatal(err)
	}
	if n := e.Model.NumVars(); n != 6 {
		t.Fatalf("%d variables, want two more for each of two constraints", n)
	}
	for _, s := range []response.Solvers{{Smooth: &newton.Solver{}}, {Smooth: &newton.Solver{}, Backend: highs.New()}} {
		for x, want := range map[float64]float64{1: 0, 3: 2, 5: 6} {
			point := make([]float64, 6)
			point[0] = x
			a, err := e.At(context.Background(), point, nil, s)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(a.Value-want) > 1e-6 || want > 0 && math.Abs(a.Slope[0]-2) > 1e-6 {
				t.Errorf("at %v: %v with the derivative %v, want %v and 2", x, a.Value, a.Slope[0], want)
			}
		}
	}
}
