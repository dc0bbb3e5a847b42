package main

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

// By hand: a toll over 5 sends everybody to the free road, at 5 the drivers do not care, and optimistically all pay.
func TestSolve(t *testing.T) {
	text := exampletest.Read(t, "two-roads.mod")
	code, _, _ := build()
	exampletest.Same(t, text, code)
	for _, m := range []*bilevel.Model{text, code} {
		r := exampletest.Optimal(t, m, 500, 1e-6)
		for j, want := range []float64{5, 100, 0} {
			if math.Abs(r.Point.X[j]-want) > 1e-5 {
				t.Errorf("%s = %g, want %g", m.VarName(j), r.Point.X[j], want)
			}
		}
		// In the worst tie all drivers take the free road.
		if p := r.Certificate.Pessimistic; math.Abs(p) > 1e-6 {
			t.Errorf("the pessimistic value is %g, want 0", p)
		}
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	want := "optimal, proof global\ntoll 5, revenue 500, cars 100 on the toll road and 0 on the free one\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
