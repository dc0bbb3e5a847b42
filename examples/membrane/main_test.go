package main

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "membrane.mod"), build(example).Model)
}

// By hand, between rails: the frame for the pressure p is force/p + √(2 depth/p), and with q = √p the cost is least where
// suction q⁴ = film (force + √(depth/2) q). The numbers of the example make q = 1.
func TestContinuous(t *testing.T) {
	frame, pressure, cost := example.continuous()
	if math.Abs(frame-1.3) > 1e-6 || math.Abs(pressure-1) > 1e-6 || math.Abs(cost-2.3) > 1e-12 {
		t.Errorf("frame %.9g, pressure %.9g, cost %.12g; want 1.3, 1, 2.3", frame, pressure, cost)
	}
	p := press{dimension: 1, depth: 0.5, force: 2, film: 3, suction: 0.25}
	_, pressure, _ = p.continuous()
	if q := math.Sqrt(pressure); math.Abs(p.suction*q*q*q*q-p.film*(p.force+math.Sqrt(p.depth/2)*q)) > 1e-5 {
		t.Errorf("pressure %.9g does not satisfy the condition", pressure)
	}
}

// On coarse meshes the answer is the best of all frames and pressures.
func TestMesh(t *testing.T) {
	for _, c := range []struct {
		elements, dimension int
		backend             string
	}{{4, 1, ""}, {7, 1, "builtin"}, {12, 1, "builtin"}, {4, 2, "builtin"}, {7, 2, ""}, {12, 2, "builtin"}} {
		p := example.with(c.elements, c.dimension)
		frame, pressure, cost, sag := p.best()
		m := build(p)
		r := exampletest.Local(t, m.Model, cost, 1e-6, "S", bilevel.Options{Backend: c.backend, Multistart: 1})
		if math.Abs(r.Value(m.frame)-frame) > 1e-3 || math.Abs(r.Value(m.pressure)-pressure) > 1e-3 {
			t.Errorf("%+v: frame %.6f and pressure %.6f, want %.6f and %.6f", c, r.Value(m.frame), r.Value(m.pressure), frame, pressure)
		}
		for i := range sag {
			if want := p.depth - sag[i]; math.Abs(r.Value(m.gap[i])-want) > 1e-3 {
				t.Errorf("%+v: the gap at node %d is %.6f, want %.6f", c, i, r.Value(m.gap[i]), want)
			}
		}
	}
}

// A film on a mesh presses less than the continuous one, so that it costs more. The difference falls with the square of the width of the elements.
func TestRefinement(t *testing.T) {
	for _, dimension := range []int{1, 2} {
		for _, elements := range []int{8, 16, 32} {
			p := example.with(elements, dimension)
			_, _, limit := p.continuous()
			r, err := bilevel.Solve(context.Background(), build(p).Model, bilevel.Options{Backend: "builtin", Multistart: 1})
			if err != nil {
				t.Fatal(err)
			}
			if over := (r.Objective - limit) * float64(elements*elements); !(over > -1e-3 && over < 1.5) || !r.Certificate.Verified {
				t.Errorf("dimension %d, %d elements: cost %.8f, and %.8f without a mesh; verified %v", dimension, elements, r.Objective, limit, r.Certificate.Verified)
			}
		}
	}
}

// With 13 elements one node is exactly where the film leaves the plate between the rails, and the film on the mesh is the continuous one: a parabola.
func TestExactMesh(t *testing.T) {
	p := example.with(13, 1)
	m := build(p)
	r := exampletest.Local(t, m.Model, 2.3, 1e-8, "S", bilevel.Options{Backend: "builtin"})
	for i, v := range m.gap {
		x := max(0, 0.1*float64(i)-0.7)
		if want := x * x / 2; math.Abs(r.Value(v)-want) > 1e-5 {
			t.Errorf("the gap at node %d is %.7f, want %.7f", i, r.Value(v), want)
		}
	}
}

func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("solves six meshes once more")
	}
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 64 35 1.29872 1.00135 2.30007 S", "1 continuous 1.30000 1.00000 2.30000", "2 64 42 1.35146 1.82644 3.65287 S"} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
