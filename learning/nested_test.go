package learning

import (
	"context"
	"math/rand/v2"
	"testing"
)

// noisy are samples of which the first features, as many as told, tell the class most of the time, and the others nothing.
func noisy(l, n, told int, seed uint64) *Data {
	r := rand.New(rand.NewPCG(seed, 77))
	d := &Data{Features: make([]string, n), Classes: [2]string{"no", "yes"}}
	for range l {
		x, at := make([]float64, n), 0.8*r.NormFloat64()
		for k := range x {
			x[k] = r.NormFloat64()
			if k < told {
				at += x[k]
			}
		}
		y := 1.0
		if at < 0 {
			y = -1
		}
		d.X, d.Y = append(d.X, x), append(d.Y, y)
	}
	return d
}

// With bounds on all weights the steady choice goes far where single features tell the class, and not far where all do: the error of fresh samples is below that of C
// alone in the first case, and below that of Least, which goes to the end, in the second. In the folds its misclassification is no more than that of the grid of C.
func TestSteadyBounds(t *testing.T) {
	t.Parallel()
	const seeds = 8
	for _, told := range []int{2, 25} {
		var alone, steady, least float64
		for seed := range uint64(seeds) {
			d := noisy(800, 25, told, seed)
			run := func(method string, choice Choice, each bool) Run {
				res, err := Tune(context.Background(), d, SVC, Options{Methods: []string{method}, Choice: choice, PerFeature: each, TestShare: 0.9, Seed: seed})
				if err != nil {
					t.Fatal(err)
				}
				return res.Runs[0]
			}
			grid, c := run("grid", Steady, false), run("bilevel", Steady, false)
			s, l := run("bilevel", Steady, true), run("bilevel", Least, true)
			if s.CV > grid.CV+1e-12 {
				t.Errorf("seed %d: %.4f with bounds, %.4f on the grid of C", seed, s.CV, grid.CV)
			}
			alone, steady, least = alone+c.Test/seeds, steady+s.Test/seeds, least+l.Test/seeds
		}
		t.Logf("%d features tell: error of fresh samples with C alone %.4f, steady %.4f, least %.4f", told, alone, steady, least)
		if told == 2 && !(steady < alone) || told == 25 && !(steady < least) {
			t.Errorf("%d features tell: error of fresh samples with C alone %.4f, steady %.4f, least %.4f", told, alone, steady, least)
		}
	}
}
