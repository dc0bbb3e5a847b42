package branch

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// bare are the options of a search that does nothing but solve nodes.
func bare(nodes int) Options {
	return Options{Threads: 1, NodeLimit: nodes, ProbeTime: -1, CutRounds: -1, StrongCandidates: -1, NoLocalRows: true, NoLocalSearch: true, NoGuide: true, NoRounding: true, Gap: -1}
}

// record searches and notes what the search does to its LP.
func record(tb testing.TB, p *problem, o Options) []move {
	tb.Helper()
	t, w := startSearch(tb, p, o)
	defer t.close()
	w.lp.tape = &tape{}
	if err := t.search(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return w.lp.tape.moves
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
		switch m := &moves[i]; {
		case m.kind == moveBasis:
			check(lp.SetBasis(m.basis))
		case m.kind == moveSolve:
			_, err := lp.Solve(ctx)
			check(err)
			lps++
		case m.rows:
			check(lp.ChangeRowBounds(m.index, m.lo, m.hi))
		default:
			check(lp.ChangeColBounds(m.index, m.lo, m.hi))
		}
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
