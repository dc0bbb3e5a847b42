package branch

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// complementary lists points of a problem that satisfy all of its pairs: vertices, in random directions, of what random patterns leave.
func complementary(t *testing.T, p *problem, r *rand.Rand, tries int) [][]float64 {
	t.Helper()
	lp, err := newRelaxation(p, highs.LPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer lp.close()
	n := len(p.lo)
	idx, cost, fixed := make([]int32, n), make([]float64, n), make([]uint8, len(p.pairs))
	for j := range idx {
		idx[j] = int32(j)
	}
	var out [][]float64
	for range tries {
		for k := range fixed[:p.real] {
			fixed[k] = 1 << r.IntN(2)
		}
		for j := range cost {
			cost[j] = r.NormFloat64()
			if r.IntN(4) == 0 {
				cost[j] = p.cost[j]
			}
		}
		if ok, err := lp.set(fixed, nil); err != nil || !ok {
			continue
		}
		if err := lp.lp.ChangeCosts(idx, cost); err != nil {
			t.Fatal(err)
		}
		st, _, err := lp.solve(context.Background(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if st == highs.Optimal && p.residual(lp.x[:n]) < 1e-8 {
			out = append(out, append([]float64(nil), lp.x[:n]...))
		}
	}
	return out
}

// solvedRoot is a search whose root is open and solved; nil where the problem is closed before that.
func solvedRoot(t *testing.T, p *problem, o Options) (tr *tree, w *worker, value float64) {
	t.Helper()
	o.defaults()
	tr = newTree(p, o)
	t.Cleanup(tr.close)
	prop := newPropagator(p)
	for r := range prop.rlo {
		prop.push(int32(r))
	}
	if !prop.settle() {
		return nil, nil, 0
	}
	lp, err := newRelaxation(p, highs.LPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w = newWorker(tr, prop, lp)
	tr.workers = append(tr.workers, w)
	if err := tr.openRoot(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	if ok, err := w.goTo(&node{}); err != nil || !ok {
		return nil, nil, 0
	}
	st, value, err := w.lp.solve(context.Background(), 5)
	if err != nil {
		t.Fatal(err)
	}
	if st != highs.Optimal {
		return nil, nil, 0
	}
	return tr, w, value
}

// linearProblems calls check with problems with pairs only and complementary points of each: random ones, and the conditions of random
// followers with their primal-dual inequalities.
func linearProblems(t *testing.T, from, last uint64, check func(seed uint64, p *problem, points [][]float64)) {
	t.Helper()
	for seed := from; seed <= last; seed++ {
		r := rand.New(rand.NewPCG(seed, 5))
		m := randomPairs(seed).m
		if seed%3 == 0 {
			in, _ := reformtest.Random(seed)
			if in.Price != nil {
				continue
			}
			k, err := (reform.KKT{Inequality: true}).Apply(context.Background(), in.Model())
			if err != nil {
				continue
			}
			m = k.Model
		}
		p, err := newProblem(m)
		if err != nil || len(p.quad) > 0 || len(p.integer) > 0 || len(p.sets) > 0 {
			continue
		}
		if points := complementary(t, p, r, 60); len(points) > 0 {
			check(seed, p, points)
		}
	}
}

// TestCutsAreValid: no disjunctive cut, over several rounds of them, cuts off a point that satisfies all pairs; and each cuts off the point
// that it was made for.
func TestCutsAreValid(t *testing.T) {
	noLeak(t)
	cuts, checks, last := 0, 0, uint64(700)
	linearProblems(t, 1, last, func(seed uint64, p *problem, points [][]float64) {
		tr, w, _ := solvedRoot(t, p, Options{NoGuide: true})
		if tr == nil {
			return
		}
		for range 5 {
			list, err := w.disjunctive()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				cuts++
				value := func(x []float64) float64 {
					v := 0.0
					for k, j := range c.idx {
						v += c.val[k] * x[j]
					}
					return v
				}
				if v := value(w.lp.x); v >= c.lo {
					t.Errorf("seed %d: the relaxed point has %v in a cut of at least %v", seed, v, c.lo)
				}
				if slices.Max(c.idx) >= int32(len(p.lo)) {
					continue // it has a column of the relaxation, whose value at the points is not given
				}
				for _, x := range points {
					checks++
					if v := value(x); v < c.lo-1e-6*size(c.lo, v) {
						t.Errorf("seed %d: a cut of at least %v cuts off a complementary point with %v", seed, c.lo, v)
					}
				}
				if err := w.lp.addRow(c); err != nil {
					t.Fatal(err)
				}
			}
			if st, _, err := w.lp.solve(context.Background(), 0); err != nil || st != highs.Optimal || len(list) == 0 {
				break
			}
		}
		tr.close()
	})
	t.Logf("%d cuts, %d checks", cuts, checks)
	if cuts < 1000 || checks < 10000 {
		t.Errorf("only %d cuts and %d checks", cuts, checks)
	}
}

// TestReducedCosts: a tightening by reduced costs, with an incumbent of any value, keeps all points that are better.
func TestReducedCosts(t *testing.T) {
	noLeak(t)
	tightened, checks := 0, 0
	linearProblems(t, 1001, 1500, func(seed uint64, p *problem, points [][]float64) {
		tr, w, value := solvedRoot(t, p, Options{NoGuide: true})
		if tr == nil {
			return
		}
		defer tr.close()
		tr.stat.FirstBound = value
		if st, _, err := w.rootCuts(context.Background(), value); err != nil || st != highs.Optimal {
			return
		}
		slices.SortFunc(points, func(a, b []float64) int { // worst first, as a search finds them
			if p.value(a) > p.value(b) {
				return -1
			}
			return 1
		})
		for _, incumbent := range points {
			tr.value = p.value(incumbent)
			tr.reducedCosts()
			for _, x := range points {
				if p.value(x) > tr.value {
					continue
				}
				for _, f := range tr.tightenings {
					checks++
					if v := x[f.idx]; f.kind == lowerBound && v < f.value-1e-6*size(v) || f.kind == upperBound && v > f.value+1e-6*size(v) {
						t.Fatalf("seed %d: with an incumbent of %v the bound %v of column %d cuts off a point of value %v with %v", seed, tr.value, f.value, f.idx, p.value(x), v)
					}
				}
			}
		}
		if tr.stat.ReducedCostTightenings != len(tr.tightenings) {
			t.Errorf("%d tightenings, counted %d", len(tr.tightenings), tr.stat.ReducedCostTightenings)
		}
		tightened += len(tr.tightenings)
	})
	t.Logf("%d bounds, %d checks", tightened, checks)
	if tightened < 200 || checks < 2000 {
		t.Errorf("only %d bounds and %d checks", tightened, checks)
	}
}

// TestPackedBasis: a basis comes back from its packed form, whatever its length; one with a status of more than two bits is refused.
func TestPackedBasis(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var reuse highs.Basis
	for range 300 {
		b := highs.Basis{Cols: make([]uint8, r.IntN(40)), Rows: make([]uint8, r.IntN(40))}
		for _, list := range [2][]uint8{b.Cols, b.Rows} {
			for i := range list {
				list[i] = uint8(r.IntN(4))
			}
		}
		p := pack(b)
		if want := (len(b.Cols) + len(b.Rows) + 3) / 4; len(p.bits) != want {
			t.Fatalf("%d bytes, want %d", len(p.bits), want)
		}
		reuse = p.unpack(reuse)
		if !slices.Equal(reuse.Cols, b.Cols) || !slices.Equal(reuse.Rows, b.Rows) {
			t.Fatalf("%v came back as %v", b, reuse)
		}
	}
	if pack(highs.Basis{Cols: []uint8{highs.Nonbasic}}) != nil {
		t.Error("a status that does not fit was packed")
	}
}
