package main

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
	"github.com/gobilevel/bilevel/verify"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "network-design.mod"), build(example).Model)
}

// The best expansions that a grid of 7776 combinations and a descent from there find, and from where taking turns ends.
func TestSolve(t *testing.T) {
	tr := newTraffic(example)
	want, total := tr.descend(tr.grid([]float64{0, 0.5, 1, 2, 4, 6}))
	for _, backend := range []string{"", "builtin"} {
		d := build(example)
		r := exampletest.Local(t, d.Model, total, 1e-6, "S", bilevel.Options{Backend: backend})
		for k := range want {
			if got := r.Value(d.add[k]); math.Abs(got-want[k]) > 1e-3 {
				t.Errorf("backend %q: street %d is widened by %.5f, want %.5f", backend, k, got, want[k])
			}
			if got := r.Value(d.flow[k]) + example.links[k].local; math.Abs(got-tr.load[k]) > 1e-3 {
				t.Errorf("backend %q: street %d has %.5f, want %.5f", backend, k, got, tr.load[k])
			}
		}
		if r.Certificate.Evidence < verify.EvidenceConditions {
			t.Errorf("backend %q: the followers' answer rests on %v", backend, r.Certificate.Evidence)
		}
	}
}

// Taking turns ends where no one way is better, with more lost than if nothing were built; the point is a local solution of the model.
func TestTakeTurns(t *testing.T) {
	add, flow, total, err := takeTurns(context.Background(), example)
	if err != nil {
		t.Fatal(err)
	}
	tr := newTraffic(example)
	if v := tr.total(add, 1e-11); math.Abs(v-total) > 1e-5*total {
		t.Errorf("the total is %.6f, want %.6f", total, v)
	}
	if nothing := tr.total(make([]float64, len(add)), 1e-11); !(total > nothing+20) {
		t.Errorf("taking turns ends with %.3f; nothing built, it is %.3f", total, nothing)
	}
	near, v := tr.descend(add)
	if v < total-1e-4 {
		t.Errorf("%.6f at %.5f is better than %.6f at %.5f", v, near, total, add)
	}
	rep, err := bilevel.Stationarity(context.Background(), build(example).Model, append(append([]float64(nil), add...), flow...))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Class != stationarity.SStationary {
		t.Errorf("the point is %v: %s", rep.Class, rep.Message)
	}
}

// The paradox: with the other streets as they are, a wider street through the old town serves the cars that are there at first, and then draws so
// many that all lose.
func TestParadox(t *testing.T) {
	tr := newTraffic(example)
	last := math.Inf(1)
	for k, capacity := range []float64{1, 1.5, 2, 3, 4, 5, 6, 7} {
		n := example
		n.links = append([]link(nil), n.links...)
		n.links[2].capacity = capacity
		_, total, err := equilibrium(context.Background(), n, make([]float64, len(n.links)))
		if err != nil {
			t.Fatal(err)
		}
		tr.links = n.links
		if want := tr.total(make([]float64, len(n.links)), 1e-11); math.Abs(total-want) > 1e-5*want {
			t.Errorf("capacity %g: %.6f, want %.6f", capacity, total, want)
		}
		if k <= 2 && total >= last || k > 2 && total <= last {
			t.Errorf("capacity %g: %.4f after %.4f", capacity, total, last)
		}
		last = total
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	want := `
	            nothing built      taking turns       foresight
	street      added   cars      added   cars      added   cars
	west-north  0.000  3.452      2.216  6.000      0.000  3.186
	west-south  0.000  2.548      0.000  0.000      1.466  2.814
	north-south 0.000  1.581      5.137  6.500      0.000  1.483
	north-east  0.000  2.370      0.000  0.000      0.646  2.203
	south-east  0.000  3.630      1.716  6.000      0.000  3.797
	total     194.776           216.686           185.219`
	if !slices.Equal(strings.Fields(out.String()), strings.Fields(want)) {
		t.Errorf("got\n%swant%s", out.String(), want)
	}
}
