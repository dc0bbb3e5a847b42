package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

// optimum is the best revenue of pricing.dat: found by a mixed-integer program written for the purpose outside of this project's code.
const optimum = 8013

func TestDataIsGenerated(t *testing.T) {
	got, err := os.ReadFile("pricing.dat")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := generate(segments, products, considered, seed).write(&want); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("pricing.dat is not what the generator writes: run go generate in this folder")
	}
}

// The first numbers of the generator with seed 1234, as published with it.
func TestUniform(t *testing.T) {
	g := splitMix64(1234)
	for _, want := range []float64{0.730666524540624, 0.5928898580149862, 0.20213287431010984} {
		if got := g.uniform(); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "pricing.mod", "pricing.dat"), build(generate(segments, products, considered, seed)).Model)
}

func TestSolveText(t *testing.T) {
	m := exampletest.Read(t, "pricing.mod", "pricing.dat")
	r := exampletest.Optimal(t, m, optimum, 1e-4, bilevel.Options{Gap: 1e-4})
	mk := generate(segments, products, considered, seed)
	if got := mk.revenue(r.Point.X[:products]); math.Abs(got-r.Objective) > 1e-4*optimum {
		t.Errorf("customers who choose for themselves pay %g, the solver says %g", got, r.Objective)
	}
}

func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("TestSolveText solves the same model")
	}
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if want := "optimal, proof global: revenue 8013.0"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
}

// revenue is what prices bring when each segment takes what leaves it the most and, if several products do, the dearest of them.
func (m *market) revenue(price []float64) float64 {
	const same = 1e-5
	surplus, paid := make([]float64, len(m.size)), make([]float64, len(m.size))
	for _, o := range m.offers {
		s, gain := o.segment, o.worth-price[o.product]
		if gain > surplus[s]+same || (gain > surplus[s]-same && price[o.product] > paid[s]) {
			surplus[s], paid[s] = gain, price[o.product]
		}
	}
	sum := 0.0
	for s, n := range m.size {
		sum += n * paid[s]
	}
	return sum
}

// For a fixed choice of every segment the prices solve a linear program with differences of two prices, single prices and whole numbers
// on the right: some optimal prices are whole, and trying all whole prices of a small market finds its optimum.
func TestSmallMarketsAgainstAllPrices(t *testing.T) {
	for seed := range uint64(6) {
		mk := generate(5, 3, 2, seed)
		best := 0.0
		price := make([]float64, 3)
		for price[0] = mk.low[0]; price[0] <= mk.high[0]; price[0]++ {
			for price[1] = mk.low[1]; price[1] <= mk.high[1]; price[1]++ {
				for price[2] = mk.low[2]; price[2] <= mk.high[2]; price[2]++ {
					best = max(best, mk.revenue(price))
				}
			}
		}
		exampletest.Optimal(t, build(mk).Model, best, 1e-6)
	}
}
