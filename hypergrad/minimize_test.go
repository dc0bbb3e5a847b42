package hypergrad_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

func TestLoopsReachTheOptimum(t *testing.T) {
	q := quadratic(t)
	want := q.Optimum()
	for _, test := range []struct {
		name string
		opt  hypergrad.Options
	}{
		{"quasi-newton", hypergrad.Options{}},
		{"exact", hypergrad.Options{Accuracy: hypergrad.Exact}},
		{"quadratic accuracy", hypergrad.Options{Accuracy: hypergrad.Quadratic}},
		{"backtracking", hypergrad.Options{Loop: hypergrad.Gradient}},
		{"constant", hypergrad.Options{Loop: hypergrad.Gradient, Steps: hypergrad.Constant(1)}},
		{"adaptive", hypergrad.Options{Loop: hypergrad.Gradient, Steps: hypergrad.Adaptive{}}},
		{"tuning-free", hypergrad.Options{Loop: hypergrad.Gradient, Steps: hypergrad.TuningFree{Scale: 2}}},
		{"cold", hypergrad.Options{EngineOptions: hypergrad.EngineOptions{Cold: true}}},
		{"neumann", hypergrad.Options{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Neumann, Terms: 200}}},
		{"fixed point", hypergrad.Options{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.FixedPoint}}},
		{"reverse", hypergrad.Options{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Reverse, Steps: 300}}},
		{"forward", hypergrad.Options{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Forward, Steps: 300}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := hypergrad.Minimize(context.Background(), q, []float64{3, 3, 3}, nil, test.opt)
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != hypergrad.Stationary {
				t.Errorf("%v: %s", res.Status, res.Message)
			}
			near(t, "x", res.X, want, 1e-4)
		})
	}
}

func TestSetsHold(t *testing.T) {
	q := quadratic(t)
	free := q.Optimum()
	for _, test := range []struct {
		name string
		set  hypergrad.Set
	}{
		{"box", hypergrad.Box{Lower: []float64{free[0] + 0.5, -9, -9}, Upper: []float64{9, 9, free[2] - 0.25}}},
		{"ball", hypergrad.Ball{Radius: 0.3}},
		{"simplex", hypergrad.Simplex{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := hypergrad.Minimize(context.Background(), q, []float64{3, 3, 3}, nil, hypergrad.Options{Set: test.set, Tolerance: 1e-8})
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != hypergrad.Stationary {
				t.Fatalf("%v: %s", res.Status, res.Message)
			}
			// A point of a convex set is optimal for a convex h where x = P(x - ∇h); the gradient is taken in closed form.
			_, g := q.Gradient(res.X)
			moved := slices.Clone(res.X)
			for j := range moved {
				moved[j] -= g[j]
			}
			test.set.Project(moved)
			near(t, "projected step", moved, res.X, 1e-6)
			inside := slices.Clone(res.X)
			test.set.Project(inside)
			near(t, "projection", inside, res.X, 1e-12)
		})
	}
}

func TestSampledMethodsReachTheOptimum(t *testing.T) {
	q := quadratic(t)
	want := q.Optimum()
	best, _ := q.Gradient(want)
	start, _ := q.Gradient([]float64{3, 3, 3})
	for _, m := range hypergrad.Methods() {
		t.Run(m.Name(), func(t *testing.T) {
			// Variance reduction and first-order exactness go to the optimum itself; the others to the noise of their last steps, or to the bias of
			// their penalty.
			tol, iterations := 0.02, 6000
			switch m.(type) {
			case hypergrad.SABA, hypergrad.SRBA:
				tol, iterations = 1e-7, 20000
			case hypergrad.STABLE:
				iterations = 2000
			case hypergrad.Penalty, hypergrad.F2SA:
				tol = 0.05
			case hypergrad.BOME:
				tol, iterations = 0.05, 1500
			}
			res, err := hypergrad.MinimizeSampled(context.Background(), q, []float64{3, 3, 3}, nil,
				hypergrad.SampledOptions{Method: m, Batch: 32, Seed: 5, MaxIterations: iterations, Tolerance: 1e-5})
			if err != nil {
				t.Fatal(err)
			}
			h, _ := q.Gradient(res.X)
			if gap := (h - best) / (start - best); !(gap <= tol) {
				t.Errorf("%v after %d iterations: %.3g of the gap is left, want %g", res.Status, res.Iterations, gap, tol)
			}
			if res.Tally.Terms.Follower == 0 || res.Tally.Terms.Leader == 0 {
				t.Errorf("terms %v", res.Tally.Terms)
			}
		})
	}
}

// TestLargeBatches: with large batches of as many samples as there are, drawn with replacement, VRBO comes as near as their noise lets it, and counts what it drew.
func TestLargeBatches(t *testing.T) {
	q := quadratic(t)
	best, _ := q.Gradient(q.Optimum())
	start, _ := q.Gradient([]float64{3, 3, 3})
	run := func(large int) *hypergrad.Result {
		res, err := hypergrad.MinimizeSampled(context.Background(), q, []float64{3, 3, 3}, nil,
			hypergrad.SampledOptions{Method: hypergrad.VRBO{Large: large, Terms: 30, Period: 5}, Batch: 32, Seed: 5, MaxIterations: 400, Tolerance: 1e-5})
		if err != nil {
			t.Fatal(err)
		}
		h, _ := q.Gradient(res.X)
		if gap := (h - best) / (start - best); !(gap <= 0.02) {
			t.Errorf("large batches of %d: %.3g of the gap is left", large, gap)
		}
		return res
	}
	small, whole := run(64), run(0)
	if a, b := small.Tally.Terms.Total()-small.Checks.Terms.Total(), whole.Tally.Terms.Total()-whole.Checks.Terms.Total(); a >= b {
		t.Errorf("large batches of 64 took %d terms, whole sums of 600 and 200 took %d", a, b)
	}
	if _, err := hypergrad.MinimizeSampled(context.Background(), q, []float64{3, 3, 3}, nil, hypergrad.SampledOptions{Method: hypergrad.VRBO{Large: -1}}); !errors.Is(err, hypergrad.ErrOptions) {
		t.Errorf("a negative number of samples: %v", err)
	}
}

// TestBOMEIsNotBiased: a fixed number of inner steps leaves the bias that the formula says; the growing default does not.
func TestBOMEIsNotBiased(t *testing.T) {
	q := quadratic(t)
	square := func(inner int) float64 {
		res, err := hypergrad.MinimizeSampled(context.Background(), wholeSums{q}, []float64{0, 0, 0}, nil,
			hypergrad.SampledOptions{Method: hypergrad.BOME{Inner: inner, Eta: 0.05}, YSteps: hypergrad.Constant(0.8), XSteps: hypergrad.Constant(0.1), MaxIterations: 2000, Tolerance: 1e-9})
		if err != nil {
			t.Fatal(err)
		}
		_, g := q.Gradient(res.X)
		var s float64
		for _, v := range g {
			s += v * v
		}
		near(t, "the follower's answer", res.Y, q.Answer(res.X), 0.5)
		return s
	}
	few, grown := square(3), square(0)
	if !(grown < 1e-4) || !(few > 30*grown) {
		t.Errorf("squared gradient %.2g with three inner steps, %.2g with the default", few, grown)
	}
}

// wholeSums hides the terms of a problem.
type wholeSums struct{ hypergrad.Problem }

func TestStepRules(t *testing.T) {
	q := quadratic(t)
	best, _ := q.Gradient(q.Optimum())
	start, _ := q.Gradient([]float64{3, 3, 3})
	for _, test := range []struct {
		name   string
		method hypergrad.Method
		y, x   hypergrad.Steps
	}{
		{"schedule", hypergrad.SOBA{}, hypergrad.Schedule{First: 0.5, Exponent: 0.4}, hypergrad.Schedule{First: 2, Exponent: 0.4}},
		{"line search", hypergrad.AmIGO{}, hypergrad.Backtracking{First: 1}, hypergrad.Constant(0.1)},
		{"tuning-free", hypergrad.SOBA{}, hypergrad.TuningFree{}, hypergrad.TuningFree{}},
		{"far too long", hypergrad.SABA{}, hypergrad.Constant(50), hypergrad.Constant(100)},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := hypergrad.MinimizeSampled(context.Background(), q, []float64{3, 3, 3}, nil,
				hypergrad.SampledOptions{Method: test.method, Batch: 32, YSteps: test.y, VSteps: hypergrad.Schedule{First: 0.5, Exponent: 0.2}, XSteps: test.x, MaxIterations: 5000})
			if err != nil {
				t.Fatal(err)
			}
			h, _ := q.Gradient(res.X)
			if gap := (h - best) / (start - best); !(gap <= 0.05) {
				t.Errorf("%.3g of the gap is left", gap)
			}
		})
	}
}

func TestSameSeedSameBits(t *testing.T) {
	run := func(threads int, seed uint64) *hypergrad.Result {
		p, err := tasks.SyntheticLogistic(3000, 3000, 9, 3, 1, tasks.LinearOptions{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		res, err := hypergrad.MinimizeSampled(context.Background(), p, tasks.StartX(9), nil, hypergrad.SampledOptions{Method: hypergrad.SRBA{}, Seed: seed, MaxIterations: 300})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	one, two, other := run(1, 3), run(2, 3), run(1, 4)
	if !slices.Equal(one.X, two.X) || one.Tally != two.Tally || one.Iterations != two.Iterations {
		t.Errorf("one thread: %v\ntwo threads: %v", one.X, two.X)
	}
	if slices.Equal(one.X, other.X) {
		t.Error("another seed drew the same")
	}
	p, err := tasks.SyntheticLogistic(3000, 3000, 9, 3, 1, tasks.LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p2, err := tasks.SyntheticLogistic(3000, 3000, 9, 3, 1, tasks.LinearOptions{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	a, err := hypergrad.Minimize(context.Background(), p, tasks.StartX(9), nil, hypergrad.Options{MaxIterations: 10})
	if err != nil {
		t.Fatal(err)
	}
	b, err := hypergrad.Minimize(context.Background(), p2, tasks.StartX(9), nil, hypergrad.Options{MaxIterations: 10})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.X, b.X) || a.Tally != b.Tally {
		t.Errorf("one thread: %v\ntwo threads: %v", a.X, b.X)
	}
}

func TestResumeEqualsUninterrupted(t *testing.T) {
	p, err := tasks.SyntheticLogistic(1000, 1000, 9, 3, 1, tasks.LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "state")
	for _, loop := range []hypergrad.Loop{hypergrad.QuasiNewton, hypergrad.Gradient} {
		opt := hypergrad.Options{Loop: loop, MaxIterations: 12}
		whole, err := hypergrad.Minimize(context.Background(), p, tasks.StartX(9), nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		first := opt
		first.MaxIterations = 5
		first.Save = func(s *hypergrad.State) error { return s.WriteFile(file) }
		if _, err := hypergrad.Minimize(context.Background(), p, tasks.StartX(9), nil, first); err != nil {
			t.Fatal(err)
		}
		second := opt
		if second.Resume, err = hypergrad.ReadStateFile(file); err != nil {
			t.Fatal(err)
		}
		rest, err := hypergrad.Minimize(context.Background(), p, nil, nil, second)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(whole.X, rest.X) || whole.Iterations != rest.Iterations {
			t.Errorf("%v: uninterrupted %v (%d), resumed %v (%d)", loop, whole.X, whole.Iterations, rest.X, rest.Iterations)
		}
	}
	for _, m := range hypergrad.Methods() {
		opt := hypergrad.SampledOptions{Method: m, Seed: 9, MaxIterations: 200, CheckEvery: 50}
		whole, err := hypergrad.MinimizeSampled(context.Background(), p, tasks.StartX(9), nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		first := opt
		first.MaxIterations = 130
		first.Save = func(s *hypergrad.State) error { return s.WriteFile(file) }
		if _, err := hypergrad.MinimizeSampled(context.Background(), p, tasks.StartX(9), nil, first); err != nil {
			t.Fatal(err)
		}
		second := opt
		if second.Resume, err = hypergrad.ReadStateFile(file); err != nil {
			t.Fatal(err)
		}
		rest, err := hypergrad.MinimizeSampled(context.Background(), p, tasks.StartX(9), nil, second)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(whole.X, rest.X) || whole.Iterations != rest.Iterations || whole.Tally != rest.Tally {
			t.Errorf("%s: uninterrupted %v, resumed %v", m.Name(), whole.X, rest.X)
		}
		second.Seed++
		if _, err := hypergrad.MinimizeSampled(context.Background(), p, tasks.StartX(9), nil, second); !errors.Is(err, hypergrad.ErrOptions) {
			t.Errorf("a state of another seed: %v", err)
		}
	}
	if _, err := hypergrad.ReadState(bytes.NewReader([]byte("no state"))); err == nil {
		t.Error("nonsense was read as a state")
	}
}

func TestRunsEnd(t *testing.T) {
	q := quadratic(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := []float64{3, 3, 3}
	res, err := hypergrad.MinimizeSampled(ctx, q, x, nil, hypergrad.SampledOptions{})
	if err != nil || res.Status != hypergrad.Interrupted {
		t.Errorf("cancelled: %v, %v", res, err)
	}
	res, err = hypergrad.Minimize(context.Background(), q, x, nil, hypergrad.Options{Budget: hypergrad.Counts{Leader: 3}})
	if err != nil || res.Status != hypergrad.Spent {
		t.Errorf("budget: %v, %v", res, err)
	}
	res, err = hypergrad.MinimizeSampled(context.Background(), q, x, nil, hypergrad.SampledOptions{Budget: hypergrad.Counts{Hessian: 15000}})
	if err != nil || res.Status != hypergrad.Spent {
		t.Errorf("sampled budget: %v, %v", res, err)
	}
	res, err = hypergrad.Minimize(context.Background(), q, x, nil, hypergrad.Options{Progress: func(p hypergrad.Progress) bool { return p.Iteration < 2 }})
	if err != nil || res.Status != hypergrad.Interrupted || res.Iterations != 2 {
		t.Errorf("progress: %v, %v", res, err)
	}
	for name, f := range map[string]func() error{
		"start": func() error {
			_, err := hypergrad.Minimize(context.Background(), q, x[:2], nil, hypergrad.Options{})
			return err
		},
		"tolerance": func() error {
			_, err := hypergrad.Minimize(context.Background(), q, x, nil, hypergrad.Options{Tolerance: -1})
			return err
		},
		"box": func() error {
			_, err := hypergrad.Minimize(context.Background(), q, x, nil, hypergrad.Options{Set: hypergrad.Bounds(1, 0)})
			return err
		},
		"step": func() error {
			_, err := hypergrad.MinimizeSampled(context.Background(), q, x, nil, hypergrad.SampledOptions{XSteps: hypergrad.Constant(math.NaN())})
			return err
		},
		"follower's start": func() error {
			_, err := hypergrad.MinimizeSampled(context.Background(), q, x, []float64{1}, hypergrad.SampledOptions{})
			return err
		},
	} {
		if err := f(); err == nil {
			t.Errorf("a bad %s was taken", name)
		}
	}
}

func TestTikhonovPath(t *testing.T) {
	// f = (y_0 + y_1 - x)²/2 has many answers; the one of least norm is y = (x/2, x/2). F = (y_0-1)² + y_1² + (x-1)²/10 then is least at
	// dF/dx = (x/2-1) + x/2 + (x-1)/5 = 0: x = 1.
	p := &hypergrad.Functions{N: 1, M: 2,
		F: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = (x[0] - 1) / 5
			}
			if gy != nil {
				gy[0], gy[1] = 2*(y[0]-1), 2*y[1]
			}
			return (y[0]-1)*(y[0]-1) + y[1]*y[1] + (x[0]-1)*(x[0]-1)/10
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			r := y[0] + y[1] - x[0]
			if gx != nil {
				gx[0] = -r
			}
			if gy != nil {
				gy[0], gy[1] = r, r
			}
			return r * r / 2
		},
		Hess: func(x, y, v, out []float64) { out[0], out[1] = v[0]+v[1], v[0]+v[1] },
		Mix:  func(x, y, v, out []float64) { out[0] = -v[0] - v[1] },
	}
	path, err := hypergrad.TikhonovPath(context.Background(), p, []float64{3}, nil, hypergrad.PathOptions{Change: 1e-5})
	if err != nil {
		t.Fatal(err)
	}
	last := path[len(path)-1]
	near(t, "x", last.X, []float64{1}, 1e-4)
	near(t, "y", last.Y, []float64{0.5, 0.5}, 1e-4)
	if len(path) < 3 || path[0].Alpha != 1 {
		t.Errorf("%d points from α = %v", len(path), path[0].Alpha)
	}
}
