package system

import (
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// TestSparseAgreesWithDense holds the steps of the two kinds of factorisations against one another on random sparse systems.
func TestSparseAgreesWithDense(t *testing.T) {
	rng := rand.New(rand.NewSource(6))
	for trial := range 200 {
		n := 1 + rng.Intn(15)
		m := n + rng.Intn(3)*rng.Intn(10)
		s := fun{m: m, n: n}
		rows, _ := s.Pattern()
		vals, phi := make([]float64, len(rows)), make([]float64, m)
		for k := range vals {
			if rng.Intn(3) == 0 || k%(n+1) == 0 {
				vals[k] = rng.NormFloat64()
			}
		}
		for k := range phi {
			phi[k] = rng.NormFloat64()
		}
		a := &denseLinear{s: s, rankTolerance: 1e-12}
		b, ok := newSparseLinear(s, 1e-12)
		if !ok {
			t.Fatal("no sparse form")
		}
		a.load(vals)
		b.load(vals)
		da, db := make([]float64, n), make([]float64, n)
		compare := func(what string, okA, okB bool, tol float64) {
			if okA != okB {
				t.Fatalf("trial %d: %s: dense %v, sparse %v", trial, what, okA, okB)
			}
			for j := range da {
				if okA && math.Abs(da[j]-db[j]) > tol*(1+dense.MaxAbs(da)) {
					t.Fatalf("trial %d: %s: %v\nsparse %v", trial, what, da, db)
				}
			}
		}
		if m == n {
			compare("newton", a.newton(phi, da), b.newton(phi, db), 1e-6)
		}
		for _, nu := range []float64{1e-8, 1e-3, 1, 100} {
			compare("damped", a.damped(nu, phi, da), b.damped(nu, phi, db), 1e-7)
		}
		compare("shortest", a.shortest(phi, da), b.shortest(phi, db), 1e-3)
		// The equations of the damped step, by hand.
		const nu = 0.3
		b.damped(nu, phi, db)
		res := make([]float64, m)
		a.w.Multiply(db, res)
		for j := range n {
			g := nu * db[j]
			for i := range m {
				g += a.w.At(i, j) * (res[i] + phi[i])
			}
			if math.Abs(g) > 1e-10*(1+dense.MaxAbs(db)) {
				t.Fatalf("trial %d: the damped step misses its equations by %g", trial, g)
			}
		}
	}
}
