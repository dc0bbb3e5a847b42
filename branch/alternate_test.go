package branch

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/reform"
)

// TestAlternation: turns from the point of the root's LP of random linear problems end at points that satisfy all pairs, none of them better than the optimum, and most problems that have a
// point get one; turns again, from there, only find better ones.
func TestAlternation(t *testing.T) {
	noLeak(t)
	ctx := context.Background()
	feasible, found := 0, 0
	for seed := uint64(1); seed <= 60; seed++ {
		k, err := (reform.KKT{}).Apply(ctx, family.Rand(12, 12, seed))
		if err != nil {
			t.Fatal(err)
		}
		full, err := Solve(ctx, k.Model, Options{NoAlternation: true})
		if err != nil {
			t.Fatal(err)
		}
		w := workerAtRoot(t, k.Model)
		st, bound, err := w.lp.solve(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		if st == highs.Optimal {
			w.t.stat.RootBound = bound
			for range 2 {
				before := w.value
				if err := w.alternate(ctx, append([]float64(nil), w.lp.x[:w.lp.n]...)); err != nil {
					t.Fatal(err)
				}
				if w.value > before {
					t.Errorf("seed %d: from %v to %v", seed, before, w.value)
				}
			}
		}
		if full.X != nil {
			feasible++
		}
		if w.best != nil {
			found++
			if full.X == nil {
				t.Errorf("seed %d: a point of a problem that has none", seed)
			} else if best := w.p.value(full.X[:w.lp.n]); w.value < best-1e-6*math.Max(1, math.Abs(best)) {
				t.Errorf("seed %d: %v is better than the optimum %v", seed, w.value, best)
			}
			if r := w.p.residual(w.best); r > 1e-6 || math.Abs(w.p.value(w.best)-w.value) > 1e-6*math.Max(1, math.Abs(w.value)) {
				t.Errorf("seed %d: residual %v, value %v for %v", seed, r, w.p.value(w.best), w.value)
			}
		}
		w.t.close()
	}
	t.Logf("%d problems of %d with a point got one", found, feasible)
	if feasible < 20 || found < feasible*2/3 {
		t.Errorf("%d problems of %d with a point got one", found, feasible)
	}
}

// TestAlternationOfFifty: with fifty rows and variables the first nodes have no good point but by alternation.
func TestAlternationOfFifty(t *testing.T) {
	noLeak(t)
	ctx := context.Background()
	k, err := (reform.KKT{}).Apply(ctx, family.Rand(50, 50, 1234))
	if err != nil {
		t.Fatal(err)
	}
	value := func(off bool) float64 {
		r, err := Solve(ctx, k.Model, Options{NodeLimit: 100, Threads: 1, NoAlternation: off})
		if err != nil {
			t.Fatal(err)
		}
		if r.X == nil {
			return math.Inf(1)
		}
		if (r.Statistics.AlternationPoints > 0) == off {
			t.Errorf("%d points by alternation, switched off: %v", r.Statistics.AlternationPoints, off)
		}
		return r.Objective
	}
	with, without := value(false), value(true)
	t.Logf("after 100 nodes %v with, %v without", with, without)
	if !(with < -190000) || without < with {
		t.Errorf("after 100 nodes %v with, %v without", with, without)
	}
}
