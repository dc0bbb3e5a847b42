package hypergrad_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// TestGrowing compares a run that begins on parts with one on all samples: the same answer, judged on all samples, for fewer terms.
func TestGrowing(t *testing.T) {
	// With one weight for all features the answer is unique.
	p, err := tasks.SyntheticLogistic(20000, 20000, 20, 1, 0.05, tasks.LinearOptions{OneWeight: true})
	if err != nil {
		t.Fatal(err)
	}
	x, opt := []float64{3}, hypergrad.Options{Set: hypergrad.Bounds(-12, 12), Tolerance: 1e-8}
	plain, err := hypergrad.Minimize(context.Background(), p, x, nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Growing = true
	last := -1
	opt.Progress = func(p hypergrad.Progress) bool {
		if p.Iteration < last {
			t.Errorf("iteration %d follows %d", p.Iteration, last)
		}
		last = p.Iteration
		return true
	}
	grown, err := hypergrad.Minimize(context.Background(), p, x, nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	if plain.Status != hypergrad.Stationary || grown.Status != hypergrad.Stationary {
		t.Fatalf("plain ended %v, growing %v: %s", plain.Status, grown.Status, grown.Message)
	}
	if math.Abs(plain.Value-grown.Value) > 1e-9 {
		t.Errorf("h = %.12g on all samples, %.12g by parts", plain.Value, grown.Value)
	}
	// The last point is stationary on all samples, by an evaluation of its own.
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := e.Evaluate(context.Background(), grown.X, 1e-12)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(ev.Value - grown.Value); d > 1e-10 {
		t.Errorf("h is %.12g at the last point, reported %.12g", ev.Value, grown.Value)
	}
	if a, b := grown.Tally.Terms.Total(), plain.Tally.Terms.Total(); a >= b {
		t.Errorf("parts and all took %d terms, all alone %d", a, b)
	}
}

// TestParts checks that a part of all samples is the problem itself, and that half of them stand for all.
func TestParts(t *testing.T) {
	for _, sums := range []bool{false, true} {
		all, err := tasks.SyntheticLogistic(60, 40, 3, 1, 1, tasks.LinearOptions{Sums: sums})
		if err != nil {
			t.Fatal(err)
		}
		part, err := all.Part(60, 40)
		if err != nil {
			t.Fatal(err)
		}
		x, y := []float64{-1, 0, 1}, []float64{0.3, -0.2, 0.5}
		for _, f := range []func(hypergrad.Problem) float64{
			func(p hypergrad.Problem) float64 { return p.Leader(x, y, nil, nil) },
			func(p hypergrad.Problem) float64 { return p.Follower(x, y, nil, nil) },
		} {
			if a, b := f(all), f(part); math.Abs(a-b) > 1e-12*math.Abs(a) {
				t.Errorf("sums %v: %v of all samples, %v of the part that is all of them", sums, a, b)
			}
		}
		half, err := all.Part(30, 20)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := all.Leader(x, y, nil, nil), half.Leader(x, y, nil, nil); b < 0.5*a || b > 2*a {
			t.Errorf("sums %v: half of the samples give %v for %v", sums, b, a)
		}
		for _, n := range []int{0, 61} {
			if _, err := all.Part(n, 20); err == nil {
				t.Errorf("a part of %d of 60 samples was made", n)
			}
		}
	}
}

// TestGuardLetsTheFollowerSettle starts where F rises while the follower closes in on its answer: no step may be shortened for that.
func TestGuardLetsTheFollowerSettle(t *testing.T) {
	q, err := tasks.NewQuadratic(7, 4096, 1024, 40, 5)
	if err != nil {
		t.Fatal(err)
	}
	optimum := q.Optimum()
	x := make([]float64, len(optimum))
	for j := range x {
		x[j] = optimum[j] + 0.5
	}
	if q.Leader(x, make([]float64, 40), nil, nil) >= q.Leader(x, q.Answer(x), nil, nil) {
		t.Fatal("F falls from the start to the follower's answer; the test needs the opposite")
	}
	for _, m := range []hypergrad.Method{hypergrad.SABA{}, hypergrad.SRBA{}, hypergrad.SOBA{}} {
		res, err := hypergrad.MinimizeSampled(context.Background(), q, x, nil, hypergrad.SampledOptions{Method: m, Seed: 1, Consecutive: true, Tolerance: 1e-2, MaxIterations: 20000})
		if err != nil {
			t.Fatal(err)
		}
		_, g := q.Gradient(res.X)
		var norm float64
		for _, v := range g {
			norm = math.Hypot(norm, v)
		}
		if res.Status != hypergrad.Stationary || norm > 1.5e-2 {
			t.Errorf("%s ended %v with a gradient of %.3g after %d iterations", m.Name(), res.Status, norm, res.Iterations)
		}
		if checks, all := res.Checks.Terms.Total(), res.Tally.Terms.Total(); checks <= 0 || checks >= all {
			t.Errorf("%s: checks took %d of %d terms", m.Name(), checks, all)
		}
	}
}
