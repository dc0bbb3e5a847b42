package mstationary

import (
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

const curved = `var x >= 0; var y >= 0, <= 3; var u; var v >= 0, <= 2; var c >= 2, <= 2;
	minimize f: exp(x - 1)*c - 2*x*u + (y - 0.3)^2 + u^4 + cosh(v - 1);
	e: x^2 + u*v + sin(y) = 2;
	i: -1 <= x*u*v + c*y <= 50;
	p: 0 <= x complements y*u + 1 >= 0;
	q: 0 <= 4 - v*y complements exp(u) - 0.5 + y^2 >= 0;
	r: 0 <= y complements v >= 0;`

// differences compares the Jacobian of a system with central differences at w.
func differences(t *testing.T, name string, s system.System, w []float64) {
	t.Helper()
	m, n := s.Equations(), s.Unknowns()
	rows, cols := s.Pattern()
	phi, up, down := make([]float64, m), make([]float64, m), make([]float64, m)
	s.Residual(w, phi)
	vals := make([]float64, len(rows))
	s.Jacobian(w, vals)
	var jac dense.Matrix
	jac.Scatter(m, n, rows, cols, vals)
	for j := range n {
		const h = 1e-6
		z := append([]float64(nil), w...)
		z[j] += h
		s.Residual(z, up)
		z[j] -= 2 * h
		s.Residual(z, down)
		for i := range m {
			d := (up[i] - down[i]) / (2 * h)
			if math.Abs(d-jac.At(i, j)) > 1e-5*(1+math.Abs(d)) {
				t.Errorf("%s: derivative of equation %d by unknown %d is %g, differences %g", name, i, j, jac.At(i, j), d)
			}
		}
	}
}

func TestJacobians(t *testing.T) {
	p, pairs, _ := read(t, curved)
	l := newLayout(p, pairs)
	v := newValues(l)
	rng := rand.New(rand.NewSource(8))
	w := make([]float64, l.unknowns())
	for j := range w {
		w[j] = 0.5 + rng.Float64()
	}
	v.at(w)
	l.rowScale[0], l.objScale = 0.5, 0.25
	v.forget()
	for range 20 {
		for j := range w {
			w[j] = 2 * rng.NormFloat64() // away from kinks with probability one
		}
		q := newEquations(l, v)
		differences(t, "equations", q, w)
		f := &fit{layout: l, v: v, w: append([]float64(nil), w...)}
		v.at(w)
		f.visit(func(i, j int32, _ float64) { f.rows, f.cols = append(f.rows, i), append(f.cols, j) })
		differences(t, "fit", f, w[len(l.free):])
		differences(t, "feasibility", newFeasibility(l, v), w[:len(l.free)])
		for i := range q.kkt.active {
			q.kkt.active[i] = rng.Intn(2) == 0
		}
		differences(t, "held", newHeld(l, v, q.kkt), w[:len(l.free)])
	}
	if len(l.free) != 4 || len(l.eqs) != 1 || len(l.pairs) != 3 {
		t.Errorf("layout: %d free variables, %d equations, %d pairs", len(l.free), len(l.eqs), len(l.pairs))
	}
}

// TestNewtonStep: the step of the active-set method makes the linearisation of all selected equations zero.
func TestNewtonStep(t *testing.T) {
	p, pairs, _ := read(t, curved)
	l := newLayout(p, pairs)
	v := newValues(l)
	q := newEquations(l, v)
	rng := rand.New(rand.NewSource(9))
	n := len(l.free)
	tried := 0
	for range 50 {
		w, d := make([]float64, l.unknowns()), make([]float64, l.unknowns())
		for j := range w {
			w[j] = rng.NormFloat64()
		}
		if !q.Propose(w, nil, d) {
			continue
		}
		tried++
		// Selected equations at w + h d are of order h² apart from (1 - h) times those at w.
		selected := func(w []float64) []float64 {
			v.at(w)
			out := make([]float64, n)
			v.lagrangian(w, out)
			for i, on := range q.kkt.active {
				if on {
					out = append(out, q.kkt.value(i))
				} else {
					out = append(out, w[n+i])
				}
			}
			return out
		}
		const h = 1e-5
		z := append([]float64(nil), w...)
		for j := range z {
			z[j] += h * d[j]
		}
		before, after := selected(w), selected(z)
		for i := range before {
			if math.Abs(after[i]-(1-h)*before[i]) > 1e-8*(1+math.Abs(before[i]))*(1+dense.MaxAbs(d)*dense.MaxAbs(d)) {
				t.Fatalf("selected equation %d goes from %g to %g", i, before[i], after[i])
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d of 50 points had a step", tried)
	}
}
