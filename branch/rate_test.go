package branch

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// move is what the search does to its LP at a node: it changes bounds, takes over a basis where it jumps, and solves.
type move struct {
	cols, rows           []int32
	colLo, colHi, lo, hi []float64
	basis                highs.Basis
	jump, solved         bool
}

// bare are the options of a search that does nothing but solve nodes.
func bare(nodes int) Options {
	return Options{Threads: 1, NodeLimit: nodes, ProbeTime: -1, CutRounds: -1, StrongCandidates: -1, NoLocalRows: true, NoLocalSearch: true, NoGuide: true, Gap: -1}
}

// record makes the search of tree.search with one thread, node by node, and notes the moves.
func record(tb testing.TB, p *problem, o Options) (moves []move) {
	tb.Helper()
	ctx := context.Background()
	t, w := startSearch(tb, p, o)
	defer t.close()
	cl, ch := slices.Clone(w.lp.curLo), slices.Clone(w.lp.curHi)
	rl, rh := slices.Clone(w.lp.curRlo), slices.Clone(w.lp.curRhi)
	diff := func(lo, hi, nowLo, nowHi []float64) (idx []int32, l, h []float64) {
		for j := range lo {
			if lo[j] != nowLo[j] || hi[j] != nowHi[j] {
				idx, l, h = append(idx, int32(j)), append(l, nowLo[j]), append(h, nowHi[j])
				lo[j], hi[j] = nowLo[j], nowHi[j]
			}
		}
		return idx, l, h
	}
	for n := t.next(ctx); n != nil; n = t.next(ctx) {
		w.sync()
		low, jumped := n.bound, true
		from := w.lp.iterations
		for cur := n; cur != nil; {
			if w.out.stat.Nodes >= min(diveNodes, t.left()) || w.lp.iterations-from > diveIterations {
				w.out.nodes = append(w.out.nodes, cur)
				break
			}
			w.out.stat.Nodes++
			m := move{jump: jumped && cur.basis != nil}
			if m.jump {
				m.basis = cur.basis.unpack(highs.Basis{})
			}
			before := w.lp.solves
			next, err := w.expand(ctx, cur, jumped)
			if err != nil {
				tb.Fatal(err)
			}
			m.cols, m.colLo, m.colHi = diff(cl, ch, w.lp.curLo, w.lp.curHi)
			m.rows, m.lo, m.hi = diff(rl, rh, w.lp.curRlo, w.lp.curRhi)
			m.solved = w.lp.solves > before
			moves = append(moves, m)
			jumped = false
			if next != nil && !w.keepDiving(next, low) {
				w.out.nodes = append(w.out.nodes, next)
				next = nil
			}
			cur = next
		}
		t.merge(w, &t.queue)
	}
	return moves
}

// startSearch is a search with its root open.
func startSearch(tb testing.TB, p *problem, o Options) (*tree, *worker) {
	tb.Helper()
	o.defaults()
	t := newTree(p, o)
	prop := newPropagator(p)
	for r := range prop.rlo {
		prop.push(int32(r))
	}
	prop.settle()
	lp, err := newRelaxation(p, highs.LPOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	w := newWorker(t, prop, lp)
	t.workers = append(t.workers, w)
	if err := t.openRoot(context.Background(), w); err != nil {
		tb.Fatal(err)
	}
	t.queue.add(&node{bound: math.Inf(-1)})
	return t, w
}

// replay makes the moves on a bare LP and returns the number of LPs solved and the time that it took.
func replay(tb testing.TB, p *problem, moves []move) (lps int, took time.Duration) {
	tb.Helper()
	lp, err := highs.NewLP(p.arrays(), highs.LPOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	defer lp.Close()
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	start := time.Now()
	for i := range moves {
		m := &moves[i]
		if len(m.cols) > 0 {
			check(lp.ChangeColBounds(m.cols, m.colLo, m.colHi))
		}
		if len(m.rows) > 0 {
			check(lp.ChangeRowBounds(m.rows, m.lo, m.hi))
		}
		if !m.solved {
			continue
		}
		if m.jump {
			check(lp.SetBasis(m.basis))
		}
		_, err := lp.Solve(ctx)
		check(err)
		lps++
	}
	return lps, time.Since(start)
}

// BenchmarkNodeRate compares the search, with nothing switched on but nodes, with bare re-solves of the same sequence of bound changes and
// bases by the same solver.
func BenchmarkNodeRate(b *testing.B) {
	for _, c := range []struct {
		name string
		m    *model.Model
	}{
		{"RAND_20_20", family.Rand(20, 20, 2)},
		{"FORECAST_5_10", family.Forecast(5, 10, 1234)},
		{"FORECAST_5_100", family.Forecast(5, 100, 1234)},
		{"TOLL_20", family.Toll(20, 1234)},
	} {
		b.Run(c.name, func(b *testing.B) {
			k, err := (reform.KKT{Inequality: true}).Apply(context.Background(), c.m)
			if err != nil {
				b.Fatal(err)
			}
			p, err := newProblem(k.Model)
			if err != nil {
				b.Fatal(err)
			}
			o := bare(1500)
			moves := record(b, p, o)
			var searched, replayed time.Duration
			var lps, bareLPs int
			b.ResetTimer()
			for b.Loop() {
				t, w := startSearch(b, p, o)
				start := time.Now()
				if err := t.search(context.Background()); err != nil {
					b.Fatal(err)
				}
				searched += time.Since(start)
				lps += w.lp.solves
				t.close()
				n, took := replay(b, p, moves)
				bareLPs, replayed = bareLPs+n, replayed+took
			}
			rate, bareRate := float64(lps)/searched.Seconds(), float64(bareLPs)/replayed.Seconds()
			b.ReportMetric(rate, "search-LPs/s")
			b.ReportMetric(bareRate, "bare-LPs/s")
			b.ReportMetric(100*rate/bareRate, "%")
			b.ReportMetric(float64(lps)/float64(b.N), "LPs")
			b.ReportMetric(float64(bareLPs)/float64(b.N), "replayed")
		})
	}
}
