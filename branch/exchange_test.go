package branch

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// TestExchanges: from the first incumbents that a search comes across of random linear problems exchanges lead to better points, each of which satisfies the pairs, and each pattern
// listed differs from its neighbour by one multiplier that enters.
func TestExchanges(t *testing.T) {
	noLeak(t)
	ctx := context.Background()
	better := 0
	for seed := uint64(1); seed <= 40; seed++ {
		k, err := (reform.KKT{Inequality: true}).Apply(ctx, family.Rand(12, 12, seed))
		if err != nil {
			t.Fatal(err)
		}
		first, err := Solve(ctx, k.Model, Options{AbsoluteGap: 1e9, NoNear: true, NoLocalSearch: true})
		if err != nil {
			t.Fatal(err)
		}
		if first.X == nil {
			continue
		}
		w := workerAtRoot(t, k.Model)
		if !w.accept(first.X[:w.lp.n], 1e-6) {
			t.Fatalf("seed %d: the first point is not feasible", seed)
		}
		before := w.value
		fixed, bounds := w.p.pattern(w.best)
		list, err := w.exchanges(ctx, w.lp.apart, fixed, bounds)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range list {
			entered := 0
			for _, g := range w.lp.apart.pairs {
				if fixed[g.pair] == 1<<g.side && n.fixed[g.pair] != fixed[g.pair] {
					entered++
				}
			}
			if entered != 1 {
				t.Errorf("seed %d: %d multipliers enter", seed, entered)
			}
		}
		if done, err := w.exchange(ctx); err != nil || !done && w.lp.iterations < 1000 {
			t.Fatal(err)
		}
		if w.value > before || w.p.residual(w.best) > 1e-6 || math.Abs(w.p.value(w.best)-w.value) > 1e-6*math.Max(1, math.Abs(w.value)) {
			t.Errorf("seed %d: from %v to %v with the residual %v", seed, before, w.value, w.p.residual(w.best))
		}
		full, err := Solve(ctx, k.Model, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if best := w.p.value(full.X[:w.lp.n]); w.value < best-1e-6*math.Max(1, math.Abs(best)) {
			t.Errorf("seed %d: %v is better than the optimum %v", seed, w.value, best)
		}
		if w.value < before-1e-6*math.Abs(before) {
			better++
		}
		w.t.close()
	}
	if better < 5 {
		t.Errorf("exchanges found better points on %d problems only", better)
	}
}

// workerAtRoot is the only worker of a search that has not begun, with the multipliers apart. The tree is the caller's to close.
func workerAtRoot(t *testing.T, m *model.Model) *worker {
	t.Helper()
	p, err := newProblem(m)
	if err != nil {
		t.Fatal(err)
	}
	var o Options
	o.defaults()
	tr := newTree(p, o)
	lp, err := newRelaxation(p, highs.LPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorker(tr, newPropagator(p), lp)
	tr.workers = append(tr.workers, w)
	if err := lp.setApart(); err != nil {
		t.Fatal(err)
	}
	return w
}
