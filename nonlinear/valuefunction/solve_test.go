package valuefunction_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/nonlinear/valuefunction"
)

func starts(list ...[]float64) []valuefunction.Start {
	var out []valuefunction.Start
	for _, x := range list {
		out = append(out, valuefunction.Start{X: x})
	}
	return out
}

func newProblem(t *testing.T, text string) *valuefunction.Problem {
	t.Helper()
	p, err := valuefunction.New(read(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// kleinBox: the follower answers y = clip(x, -1, 1), so that F = (x-2)² + (y+1)² has its best value over |x| <= 1 at x = 1/2 with
// 2.25 + 2.25, and over x >= 1 at x = 2 with 4, which is the best.
const kleinBox = `var x >= -3, <= 3; lower; var y >= -1, <= 1; minimize f: (y - x)^2; upper; minimize F: (x - 2)^2 + (y + 1)^2;`

// TestMethods solves a problem with a known answer by every method and rule.
func TestMethods(t *testing.T) {
	p := newProblem(t, kleinBox)
	for _, method := range []system.Method{system.Newton, system.GaussNewton, system.LevenbergMarquardt} {
		for _, rule := range []valuefunction.Rule{valuefunction.Raising, valuefunction.Grid, valuefunction.Growing, valuefunction.Free} {
			if rule == valuefunction.Free && method == system.Newton {
				continue
			}
			t.Run(fmt.Sprintf("%v, %v", method, rule), func(t *testing.T) {
				r, err := p.Solve(context.Background(), starts([]float64{0, 0}, []float64{2.5, 0.5}), valuefunction.Options{Method: method, Rule: rule, Verify: options()})
				if err != nil {
					t.Fatal(err)
				}
				if r.Best == nil || !r.Best.Verified() {
					t.Fatalf("no verified point in %d runs", len(r.Runs))
				}
				value, tol := 4.0, 1e-5
				if rule == valuefunction.Grid {
					tol = 0.1 // where no run ends at the answer itself, a point with the follower's answer to a decision near it is what is left
				}
				if rule == valuefunction.Growing && math.Abs(r.Best.Value-4.5) < 1e-3 {
					return // one run from each start may end at the local answer
				}
				if math.Abs(r.Best.Value-value) > tol {
					t.Errorf("value %g at %v, want %g", r.Best.Value, r.Best.Candidate, value)
				}
				if r.Best.Certificate.Objective != r.Best.Value || r.Verified == 0 {
					t.Errorf("value %g, certificate %g, %d verified", r.Best.Value, r.Best.Certificate.Objective, r.Verified)
				}
			})
		}
	}
}

// TestNonconvexFollower: the stationary points of the follower y⁴/4 - y²/2 + xy are no answers everywhere. The answer has the sign of -x, so
// that F = (x + 0.1)² + (y - 1)² is least at an x below zero, where y > 1: 0.001823 at x = -0.0826.
func TestNonconvexFollower(t *testing.T) {
	p := newProblem(t, `var x >= -1, <= 1; lower; var y >= -2, <= 2; minimize f: y^4/4 - y^2/2 + x*y; upper; minimize F: (x + 0.1)^2 + (y - 1)^2;`)
	r, err := p.Solve(context.Background(), starts([]float64{0.5, 0.5}, []float64{0.3, 1}), valuefunction.Options{Verify: options()})
	if err != nil {
		t.Fatal(err)
	}
	if r.Best == nil || !r.Best.Verified() || math.Abs(r.Best.Value-0.001823) > 1e-4 {
		t.Fatalf("best %+v", r.Best)
	}
	for _, run := range r.Runs {
		if run.Verified() && run.Value < 0.001823-1e-4 {
			t.Errorf("verified with %g at %v: the least is 0.001823", run.Value, run.Candidate)
		}
	}
}

// TestJump: with F = (x - 0.1)² + (y - 1)² the leader wants an x at which the follower answers near -1. The best decision is x = 0, where the
// follower is indifferent between 1 and -1. It is no zero of a system; only cuts find it. Zeros with x > 0 and y near 1 are better and have
// to be refuted.
func TestJump(t *testing.T) {
	p := newProblem(t, `var x >= -1, <= 1; lower; var y >= -2, <= 2; minimize f: y^4/4 - y^2/2 + x*y; upper; minimize F: (x - 0.1)^2 + (y - 1)^2;`)
	for _, cuts := range []int{-1, 0} {
		r, err := p.Solve(context.Background(), starts([]float64{0.5, 0.5}, []float64{-0.3, 1}), valuefunction.Options{Cuts: cuts, Verify: options()})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Best.Verified() || r.Best.Value < 0.01-1e-4 {
			t.Fatalf("cuts %d: best %+v: the least is 0.01", cuts, r.Best)
		}
		refuted := 0
		for _, run := range r.Runs {
			if run.Solved() && run.Certificate != nil && (run.Of != valuefunction.FromZero || !run.Verified()) {
				refuted++
			}
		}
		if refuted == 0 {
			t.Error("no zero is refuted")
		}
		if found := r.Best.Value < 0.01+1e-4 && r.Best.Of == valuefunction.FromCuts; found != (cuts == 0) {
			t.Errorf("cuts %d: %g by %v", cuts, r.Best.Value, r.Best.Of)
		}
	}
}

// TestAgainstGrid holds random problems with one variable a level against a grid over x and the exact answer, or all points of a grid over y.
// What is verified is never better than the grid allows.
func TestAgainstGrid(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	within, trials := 0, 24
	for trial := range trials {
		c := make([]float64, 8)
		for k := range c {
			c[k] = math.Round(rng.NormFloat64()*20) / 10
		}
		quartic := 0.0
		if trial%2 == 1 {
			quartic = 0.5
		}
		text := fmt.Sprintf(`var x >= -2, <= 2; lower; var y >= -1.5, <= 1.5; minimize f: %g*y^4 + %g*y^2 + (%g)*x*y + (%g)*y;
			upper; minimize F: (x - (%g))^2 + (%g)*y + (y - (%g))^2 + (%g)*x*y;`, quartic, map[bool]float64{true: -1, false: 1}[quartic > 0], c[0], c[1], c[2], c[3], c[4], c[5]/2)
		p := newProblem(t, text)
		m := p.Model()
		const steps = 240
		grid := math.Inf(1)
		for i := range steps + 1 {
			x := -2 + 4*float64(i)/steps
			best, at := math.Inf(1), 0.0
			for k := range steps + 1 {
				y := -1.5 + 3*float64(k)/steps
				if f := m.ObjectiveValue(1, []float64{x, y}); f < best {
					best, at = f, y
				}
			}
			grid = math.Min(grid, m.ObjectiveValue(0, []float64{x, at}))
		}
		r, err := p.Solve(context.Background(), starts([]float64{0, 0}, []float64{1, 1}, []float64{-1, -1}), valuefunction.Options{Verify: options()})
		if err != nil {
			t.Fatal(err)
		}
		if r.Best == nil || !r.Best.Verified() {
			t.Logf("trial %d: no verified point: %s", trial, text)
			continue
		}
		// The grid misses the best decision by at most half a step, and near a jump of the answer it may be on the wrong side.
		if r.Best.Value < grid-0.05*math.Max(1, math.Abs(grid)) {
			t.Errorf("trial %d: verified with %g, the grid has %g: %s", trial, r.Best.Value, grid, text)
		}
		if r.Best.Value <= grid+0.01*math.Max(1, math.Abs(grid)) {
			within++
		} else {
			t.Logf("trial %d: %g, the grid has %g: %s", trial, r.Best.Value, grid, text)
		}
	}
	t.Logf("%d of %d within 1 %%", within, trials)
	if within < trials-1 {
		t.Errorf("only %d of %d are within 1 %% of the grid", within, trials)
	}
}

// TestThreads: the result does not depend on their number.
func TestThreads(t *testing.T) {
	p := newProblem(t, kleinBox)
	var first *valuefunction.Result
	for _, n := range []int{1, 4} {
		r, err := p.Solve(context.Background(), starts([]float64{0, 0}, []float64{2.5, 0.5}), valuefunction.Options{Threads: n, Verify: options()})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
			continue
		}
		if len(first.Runs) != len(r.Runs) || !slices.Equal(first.Best.Candidate, r.Best.Candidate) {
			t.Fatalf("%d runs, then %d; best %v, then %v", len(first.Runs), len(r.Runs), first.Best.Candidate, r.Best.Candidate)
		}
		for k, a := range first.Runs {
			b := r.Runs[k]
			if !slices.Equal(a.X, b.X) || !slices.Equal(a.Candidate, b.Candidate) || a.Outcome != b.Outcome || a.Iterations != b.Iterations || a.Of != b.Of || a.Verified() != b.Verified() {
				t.Errorf("run %d: %+v, then %+v", k, a, b)
			}
		}
	}
}

func TestStops(t *testing.T) {
	p := newProblem(t, kleinBox)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	begin := time.Now()
	r, err := p.Solve(ctx, starts([]float64{0, 0}), valuefunction.Options{Verify: options()})
	if err != nil || len(r.Runs) != 1 || time.Since(begin) > time.Second {
		t.Errorf("%d runs, %v after %v", len(r.Runs), err, time.Since(begin))
	}
}

// TestUndefined: a start outside of the domain of a function is said to be one, and others still count.
func TestUndefined(t *testing.T) {
	p := newProblem(t, `var x >= -3, <= 3; lower; var y >= 0.001; minimize f: x*log(y) + y^2; upper; minimize F: (x + 1)^2 + y;`)
	r, err := p.Run(context.Background(), valuefunction.Start{X: []float64{0, -1}}, 1, valuefunction.Options{})
	if err != nil || r.Outcome != system.Undefined || r.Message == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBadCalls(t *testing.T) {
	p := newProblem(t, kleinBox)
	ctx := context.Background()
	var option *valuefunction.OptionError
	for _, o := range []valuefunction.Options{
		{Lambdas: []float64{1, 0}}, {Lambdas: []float64{math.NaN()}}, {Growth: 0.5}, {Tolerance: -1}, {MaxIterations: -1}, {Threads: -2}, {TimeLimit: -1},
		{Rule: valuefunction.Free}, {Rule: 9}, {Method: 9},
	} {
		if _, err := p.Solve(ctx, starts([]float64{0, 0}), o); !errors.As(err, &option) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	var start *valuefunction.StartError
	for _, list := range [][]valuefunction.Start{nil, starts([]float64{0}), starts([]float64{0, math.Inf(1)})} {
		if _, err := p.Solve(ctx, list, valuefunction.Options{}); !errors.As(err, &start) {
			t.Errorf("%v: %v", list, err)
		}
	}
}
