package valuefunction

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/system"
)

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func problem(t *testing.T, text string) *Problem {
	t.Helper()
	p, err := New(read(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// everything has bounds of all kinds, ranges, equations and fixed variables at both levels, two followers, and a follower that maximises.
const everything = `
var x {1..2} >= -3, <= 3; var f >= 2, <= 2;
lower one; var y {1..2} >= -4; var h >= 1, <= 1;
lower two; var w <= 5; var free;
lower one;
minimize c: exp(y[1]*x[1]) + y[2]^4*f + sin(x[2]*y[2]) + h*y[1];
subject to e: y[1] + x[1]*y[2] + x[2]^2 = 1;
subject to r: -2 <= y[1]*y[2] + x[1] <= 3;
lower two;
maximize d: -w^2*x[1]^2 - free^2 + w*free + x[2]*w;
subject to b: w + free + x[1]*w <= 4;
upper;
minimize F: x[1]*y[1] + x[2]^3 + cos(w)*free + y[2]^2*f;
subject to G: x[1] + y[2]*x[2] >= -1;
subject to E: x[2] + free*y[1] = 0.5;
`

// TestJacobianAgainstDifferences holds both systems against central differences at random points.
func TestJacobianAgainstDifferences(t *testing.T) {
	p := problem(t, everything)
	rng := rand.New(rand.NewPCG(3, 4))
	for _, kind := range []struct {
		name          string
		reduced, free bool
	}{{"square", false, false}, {"reduced", true, false}, {"reduced, λ free", true, true}} {
		t.Run(kind.name, func(t *testing.T) {
			for trial := range 20 {
				l := newLayout(p, p.program.Clone(), kind.reduced, kind.free)
				v := newValues(l)
				q := newEquations(l, v, 0.3+rng.Float64(), system.FischerBurmeister{})
				if !kind.reduced && q.Equations() != q.Unknowns() {
					t.Fatalf("%d equations for %d unknowns", q.Equations(), q.Unknowns())
				}
				w := q.begin(Start{X: make([]float64, p.n)}, q.lambda, trial%2 == 0)
				for j := range w {
					w[j] = rng.NormFloat64()
				}
				rows, cols := q.Pattern()
				vals := make([]float64, len(rows))
				q.Jacobian(w, vals)
				n, m := q.Unknowns(), q.Equations()
				jac := make([]float64, n*m)
				for k, r := range rows {
					jac[int(r)*n+int(cols[k])] += vals[k]
				}
				up, down := make([]float64, m), make([]float64, m)
				const step = 1e-6
				for j := range n {
					old := w[j]
					w[j] = old + step
					q.Residual(w, up)
					w[j] = old - step
					q.Residual(w, down)
					w[j] = old
					for i := range m {
						d := (up[i] - down[i]) / (2 * step)
						if got := jac[i*n+j]; math.Abs(got-d) > 1e-5*math.Max(1, math.Abs(d)) {
							t.Fatalf("trial %d: equation %d by unknown %d: %g, differences %g", trial, i, j, got, d)
						}
					}
				}
			}
		})
	}
}

// TestSmoothBlockIsSymmetric: the square system's first block is a Hessian.
func TestSmoothBlockIsSymmetric(t *testing.T) {
	p := problem(t, everything)
	l := newLayout(p, p.program.Clone(), false, false)
	q := newEquations(l, newValues(l), 0.7, system.FischerBurmeister{})
	w := make([]float64, q.Unknowns())
	rng := rand.New(rand.NewPCG(5, 6))
	for j := range w {
		w[j] = rng.NormFloat64()
	}
	n := len(q.vars)
	block := make([]float64, n*n)
	rows, cols := q.Pattern()
	vals := make([]float64, len(rows))
	q.Jacobian(w, vals)
	for k, r := range rows {
		if int(r) < n && int(cols[k]) < n {
			block[int(r)*n+int(cols[k])] += vals[k]
		}
	}
	for i := range n {
		for j := range i {
			if math.Abs(block[i*n+j]-block[j*n+i]) > 1e-12*(1+math.Abs(block[i*n+j])) {
				t.Errorf("(%d, %d): %g and %g", i, j, block[i*n+j], block[j*n+i])
			}
		}
	}
}

// TestSystemByHand writes the square system of a small problem by hand, as in the sheet of the method:
// F = x² + y, f = y² - x y, g = y - 2 <= 0 (y free otherwise), G = 1 - x - y <= 0.
func TestSystemByHand(t *testing.T) {
	p := problem(t, `
var x; lower; var y; minimize f: y^2 - x*y; subject to g: y <= 2; upper; minimize F: x^2 + y; subject to G: x + y >= 1;`)
	const lambda = 1.7
	l := newLayout(p, p.program.Clone(), false, false)
	q := newEquations(l, newValues(l), lambda, system.FischerBurmeister{})
	x, y, z, u, v, w := 0.3, -0.4, 1.1, 0.6, 0.2, 0.9
	fb := func(a, b float64) float64 { return math.Hypot(a, b) - a - b }
	want := map[string]float64{
		"x": 2*x + lambda*(-y+z) - u,
		"y": 1 + lambda*(2*y-x) - u + v,
		"z": -lambda * (2*z - x + w),
		"u": fb(u, x+y-1), "v": fb(v, 2-y), "w": fb(w, 2-z),
	}
	in := []float64{x, y, z, 0, 0, 0}
	names := []string{"x", "y", "z"}
	for i, s := range q.sides {
		switch {
		case s.inner:
			in[3+i], names = w, append(names, "w")
		case s.sign > 0:
			in[3+i], names = u, append(names, "u")
		default:
			in[3+i], names = v, append(names, "v")
		}
	}
	phi := make([]float64, q.Equations())
	q.Residual(in, phi)
	for i, name := range names {
		if math.Abs(phi[i]-want[name]) > 1e-14 {
			t.Errorf("equation of %s: %g, by hand %g", name, phi[i], want[name])
		}
	}
	// The reduced system at z = y.
	l = newLayout(p, p.program.Clone(), true, false)
	q = newEquations(l, newValues(l), lambda, system.FischerBurmeister{})
	phi = make([]float64, q.Equations())
	in = append([]float64{x, y}, in[3:]...)
	q.Residual(in, phi)
	for i, want := range []float64{2*x - u, 1 - u + v - lambda*w, 2*y - x + w} {
		if math.Abs(phi[i]-want) > 1e-14 {
			t.Errorf("equation %d of the reduced system: %g, by hand %g", i, phi[i], want)
		}
	}
}
