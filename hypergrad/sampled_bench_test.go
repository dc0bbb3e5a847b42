package hypergrad_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// bare makes iterations without checks between: logistic regression with one weight a feature, batches of 64.
func bare(tb testing.TB, p *tasks.Linear, m hypergrad.Method, iterations int) {
	n, _ := p.Size()
	opt := hypergrad.SampledOptions{Method: m, Consecutive: true, Seed: 1, Set: hypergrad.Bounds(-12, 12), YSteps: hypergrad.Constant(0.05), VSteps: hypergrad.Constant(0.05),
		XSteps: hypergrad.Constant(1e-3), CheckEvery: 1 << 40, MaxIterations: iterations}
	if _, err := hypergrad.MinimizeSampled(context.Background(), p, tasks.StartX(n), nil, opt); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkSampled(b *testing.B) {
	p, err := tasks.SyntheticLogistic(20000, 20000, 22, 3, 1, tasks.LinearOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range hypergrad.Methods() {
		b.Run(m.Name(), func(b *testing.B) {
			b.ReportAllocs()
			bare(b, p, m, b.N)
		})
	}
}

// TestIterationsAllocateNothing has SRBA between its whole sums, and methods with a Neumann series of a number of terms that is given, as one that grows needs longer lists now and then. It takes the difference of two runs, so that the start and the checks fall out.
func TestIterationsAllocateNothing(t *testing.T) {
	p, err := tasks.SyntheticLogistic(640, 640, 5, 3, 1, tasks.LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []hypergrad.Method{hypergrad.SOBA{}, hypergrad.SABA{}, hypergrad.SRBA{Period: 1 << 30}, hypergrad.FSLA{}, hypergrad.AmIGO{}, hypergrad.F2SA{}, hypergrad.Penalty{}, hypergrad.BOME{},
		hypergrad.BSA{Terms: 20}, hypergrad.TTSA{Terms: 20}, hypergrad.ALSET{Terms: 20}, hypergrad.StocBiO{Terms: 20}, hypergrad.SUSTAIN{Terms: 20}, hypergrad.MRBO{Terms: 20}} {
		mallocs := func(iterations int) uint64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			bare(t, p, m, iterations)
			runtime.ReadMemStats(&after)
			return after.Mallocs - before.Mallocs
		}
		mallocs(410) // fills pools
		// Both runs have the checks at 25, 50, ..., 400.
		few, many := mallocs(410), mallocs(790)
		if many > few+38 {
			t.Errorf("%s: %d allocations in 410 iterations, %d in 790; an iteration should need none", m.Name(), few, many)
		}
	}
}
