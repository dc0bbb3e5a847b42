package mstationary

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// TestCurvatureTwoWays compares the smallest eigenvalue of the reduced Hessian with what inverse iteration finds, on random programs with
// random constraints held.
func TestCurvatureTwoWays(t *testing.T) {
	rng := rand.New(rand.NewSource(10))
	tried := 0
	for range 200 {
		p, pairs := randomProgram(rng, false)
		s := &search{opt: Options{Activity: 1e-6}, l: newLayout(p, pairs)}
		s.v = newValues(s.l)
		s.q = newEquations(s.l, s.v)
		w := make([]float64, s.l.unknowns())
		s.v.at(w)
		s.v.hessian(w)
		for i := range s.q.kkt.active {
			s.q.kkt.active[i] = rng.Intn(6) == 0
		}
		a, da, freedom, ok := s.reducedHessian()
		if !ok {
			t.Fatal("no eigenvalues")
		}
		if freedom == 0 {
			continue
		}
		tried++
		b, db, _, ok := s.inverseIteration(dense.MaxAbs(s.v.hess))
		if !ok || math.Abs(a-b) > 1e-4*(1+math.Abs(a)) {
			t.Errorf("curvature %g by eigenvalues, %g by inverse iteration (%v)", a, b, ok)
		}
		for _, d := range [][]float64{da, db} {
			if math.Abs(dense.Norm(d)-1) > 1e-9 {
				t.Errorf("a direction of length %g", dense.Norm(d))
			}
			for i, on := range s.q.kkt.active {
				rate := 0.0
				s.q.kkt.slope(i, func(j int32, g float64) { rate += g * d[j] })
				if on && math.Abs(rate) > 1e-6 {
					t.Errorf("a direction leaves constraint %d at the rate %g", i, rate)
				}
			}
		}
	}
	if tried < 50 {
		t.Errorf("only %d programs had a null space", tried)
	}
}

// TestManyPairs runs the sparse way: a chain of hundreds of pairs, convex in each branch, started away from a solution; then a saddle
// among as many variables.
func TestManyPairs(t *testing.T) {
	const n = 300
	p, pairs, x := read(t, fmt.Sprintf(`var x{1..%d} >= 0, := 1; var y{1..%d} >= 0, := 0.5;
		minimize f: sum{i in 1..%d} ((x[i] - 1 - i mod 3)^2 + (y[i] - i mod 2)^2) + sum{i in 2..%d} 0.1*(x[i] - x[i-1])^2;
		p{i in 1..%d}: 0 <= x[i] complements y[i] >= 0;`, n, n, n, n, n))
	r, err := Solve(context.Background(), p, pairs, Start{X: x}, Options{})
	if err != nil || !r.Solved() || r.Class < ClassM {
		t.Fatalf("%v, %v: %s", err, r.Status, r.Message)
	}
	violation, complementarity := violations(p, pairs, r.X)
	if violation > 1e-7 || complementarity > 1e-7 {
		t.Errorf("violation %g, complementarity %g", violation, complementarity)
	}
	if !r.Order.Known || r.Order.Curvature < 1.9 || r.Order.Freedom != n {
		t.Errorf("curvature %g with freedom %d, at least 2 and %d by hand", r.Order.Curvature, r.Order.Freedom, n)
	}
	text := fmt.Sprintf(`var x{1..%d} >= -1, <= 1; var y >= 0; var z >= 0; minimize f: sum{i in 1..%d} (1 + i/100)*x[i]^2 - 3*x[7]^2 + y + z; p: 0 <= y complements z >= 0;`, n, n)
	p, pairs, x = read(t, text)
	clear(x)
	r, err = Solve(context.Background(), p, pairs, Start{X: x}, Options{})
	if err != nil || !r.Solved() || len(r.Left) != 1 || math.Abs(r.Left[0].Curvature-2*(1.07-3)) > 1e-4 || math.Abs(r.Objective-(1.07-3)) > 1e-6 {
		t.Errorf("saddle: %v, %v at %g, left %v: %s", err, r.Status, r.Objective, len(r.Left), strings.TrimSpace(r.Message))
	}
}
