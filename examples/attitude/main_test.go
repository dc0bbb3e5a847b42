package main

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

// By hand: with weight b on the best answers, open cars bring 3 (1-b) open + 10 - open, so the street is open for b > 2/3 and closed below.
func TestTrust(t *testing.T) {
	text := exampletest.Read(t, "attitude.mod")
	code, _, _ := build(0)
	exampletest.Same(t, text, code)
	for _, m := range []*bilevel.Model{text, code} {
		for _, b := range []float64{0, 0.1, 0.5, 0.6, 0.7, 0.9, 1} {
			want := math.Min(10, 30*(1-b))
			r := exampletest.Optimal(t, m, want, 1e-5, bilevel.Options{Attitude: bilevel.Cooperation(b)})
			open := 0.0
			if b > 2./3 {
				open = 10
			}
			if math.Abs(r.Point.X[0]-open) > 1e-5 || r.Attainment != bilevel.Attained {
				t.Errorf("weight %g: open %g, %v; want %g", b, r.Point.X[0], r.Attainment, open)
			}
		}
	}
}

// Any toll keeps the drivers away from the school, and none is the least.
func TestToll(t *testing.T) {
	m, _, toll := build(1)
	for _, b := range []float64{0, 0.5} {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: bilevel.Cooperation(b)})
		if err != nil {
			t.Fatal(err)
		}
		if r.Attainment != bilevel.NotAttained || math.Abs(r.Infimum) > 1e-6 || r.Status == bilevel.StatusOptimal {
			t.Errorf("weight %g: %v, %v, infimum %g; want 0, not attained", b, r.Status, r.Attainment, r.Infimum)
		}
		if v := r.Value(toll); !(v > 0 && r.Objective >= 4*v-1e-9 && r.Objective < 1e-3) || math.Abs(r.Pessimistic-r.Optimistic) > 1e-6 {
			t.Errorf("weight %g: toll %g, harm %g, between %g and %g", b, v, r.Objective, r.Optimistic, r.Pessimistic)
		}
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	want := `optimistic   open 10  harm  0  between  0 and 30  global, attained
0.9          open 10  harm  3  between  0 and 30  global, attained
0.5          open  0  harm 10  between 10 and 10  global, attained
pessimistic  open  0  harm 10  between 10 and 10  global, attained
with a toll: infimum 0, not attained; at a toll of 0.000, open 10.000, the harm is 0.000 at worst
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
