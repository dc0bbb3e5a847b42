//go:build cgo && !nohighs

package highs

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

func mustSolveArrays(t *testing.T, a *Arrays, opt SolveOptions) *Solution {
	t.Helper()
	s, err := Solve(bg, a, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// waitForInstances waits until no more instances are open than before, those left to finish in the background included.
func waitForInstances(t *testing.T, before int, limit time.Duration) {
	t.Helper()
	for end := time.Now().Add(limit); OpenInstances() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d instances are open, %d were", OpenInstances(), before)
		}
	}
}

func TestOptionErrorsNameTheOption(t *testing.T) {
	a := randomLP(rand.New(rand.NewSource(1)), 3, 2)
	for _, tt := range []struct{ name, value, want string }{
		{"simplex_strateg", "1", "did you mean simplex_strategy?"},
		{"mip_rel_gap", "-1", "does not take"},
		{"presolve", "maybe", "does not take"},
		{"mip_max_nodes", "many", "integer"},
		{"mip_detect_symmetry", "perhaps", "true or false"},
		{"time_limit", "NaN", "number"},
		{"log_to_console", "true", "Log"},
		{"xyzzy", "1", "no such option"},
	} {
		_, err := Solve(bg, a, SolveOptions{SolverOption: map[string]string{tt.name: tt.value}}, nil)
		var e *OptionError
		if !errors.As(err, &e) || e.Name != tt.name || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s = %s: %v", tt.name, tt.value, err)
		}
	}
	s := mustSolveArrays(t, a, SolveOptions{SolverOption: map[string]string{"presolve": "off", "solver": "ipm", "mip_detect_symmetry": "off"}})
	if !s.Accurate {
		t.Errorf("interior point: %+v", s)
	}
	if l, err := NewLP(a, LPOptions{SolverOption: map[string]string{"nothing": "1"}}); err == nil {
		l.Close()
		t.Error("an LP took an unknown option")
	}
}

// TestNothingGoesToStdout runs this test binary again and looks at what C and Go wrote.
func TestNothingGoesToStdout(t *testing.T) {
	const mark = "HIGHS_STDOUT_TEST"
	if os.Getenv(mark) != "" {
		mip := randomLP(rand.New(rand.NewSource(1)), 12, 6)
		mip.Integer = make([]bool, 12)
		for j := range mip.Integer {
			mip.Integer[j] = true
		}
		for _, a := range []*Arrays{randomLP(rand.New(rand.NewSource(2)), 9, 5), mip, randomQP(rand.New(rand.NewSource(3)), 9, 5)} {
			lines := 0
			mustSolveArrays(t, a, SolveOptions{})
			mustSolveArrays(t, a, SolveOptions{Log: func(line string) { lines++ }})
			if lines == 0 {
				t.Error("no log")
			}
		}
		l := newLP(t, randomLP(rand.New(rand.NewSource(2)), 9, 5), LPOptions{Log: func(string) {}})
		mustSolve(t, l)
		l.ChangeColBounds([]int32{1, 1}, []float64{0, 0}, []float64{1, 1}) // refused by the solver, which would say why
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestNothingGoesToStdout$")
	c.Env = append(os.Environ(), mark+"=1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := strings.TrimSpace(string(out)); got != "PASS" && !strings.HasPrefix(got, "PASS\ncoverage") {
		t.Errorf("the solver wrote:\n%s", got)
	}
}

// randomQP is a strictly convex QP with a random tridiagonal Hessian over randomLP.
func randomQP(r *rand.Rand, n, m int) *Arrays {
	a := randomLP(r, n, m)
	sign := a.sign()
	a.QStart = []int32{0}
	for j := range n {
		a.QIndex, a.QValue = append(a.QIndex, int32(j)), append(a.QValue, sign*(1+2*r.Float64()))
		if j+1 < n {
			a.QIndex, a.QValue = append(a.QIndex, int32(j+1)), append(a.QValue, sign*0.4*r.NormFloat64()/3)
		}
		a.QStart = append(a.QStart, int32(len(a.QValue)))
	}
	return a
}

func TestRandomQPsAreSolvedToTheirDualBound(t *testing.T) {
	for _, n := range []int{12, 60} {
		for seed := range int64(120) {
			a := randomQP(rand.New(rand.NewSource(seed)), n, n/2)
			s := mustSolveArrays(t, a, SolveOptions{})
			if s.Status != Optimal || !s.Accurate || math.Abs(s.Objective-s.Bound) > 1e-8*max(1, math.Abs(s.Objective)) {
				t.Errorf("%d columns, seed %d: %v accurate %v, objective %v, bound %v, violation %v (%s)", n, seed, s.Status, s.Accurate, s.Objective, s.Bound, s.Violation, s.Message)
			}
		}
	}
}

func TestNonconvexQPsAreNeverSolved(t *testing.T) {
	box := func(n int) ([]float64, []float64) {
		lo, up := make([]float64, n), make([]float64, n)
		for j := range n {
			lo[j], up[j] = -1, 1
		}
		return lo, up
	}
	lo, up := box(2)
	for _, tt := range []struct {
		name     string
		maximize bool
		start    []int32
		index    []int32
		value    []float64
	}{
		{"negative diagonal", false, []int32{0, 1, 1}, []int32{0}, []float64{-1}},
		{"indefinite", false, []int32{0, 2, 3}, []int32{0, 1, 1}, []float64{1, 2, 1}},
		{"product without squares", false, []int32{0, 1, 1}, []int32{1}, []float64{1}},
		{"convex, maximised", true, []int32{0, 1, 2}, []int32{0, 1}, []float64{1, 1}},
	} {
		a := &Arrays{Maximize: tt.maximize, Cost: []float64{0.1, 0}, ColLower: lo, ColUpper: up, QStart: tt.start, QIndex: tt.index, QValue: tt.value}
		var e *NonconvexError
		if s, err := Solve(bg, a, SolveOptions{}, nil); !errors.As(err, &e) || s != nil {
			t.Errorf("%s: %+v %v", tt.name, s, err)
		}
	}
	a := &Arrays{Cost: []float64{0, 0}, ColLower: lo, ColUpper: up, QStart: []int32{0, 1, 2}, QIndex: []int32{0, 1}, QValue: []float64{1, 1}, Integer: []bool{true, false}}
	var u *backends.UnsupportedError
	if s, err := Solve(bg, a, SolveOptions{}, nil); !errors.As(err, &u) || s != nil || !u.Construct.Has(model.IntegerVariables|model.ConvexQuadraticObjective) {
		t.Errorf("integer QP: %+v %v", s, err)
	}
	a.QIndex[1] = 0
	var w *ArrayError
	if _, err := Solve(bg, a, SolveOptions{}, nil); !errors.As(err, &w) || w.Array != "QIndex" {
		t.Errorf("upper triangle: %v", err)
	}
}

func TestContradictingBoundsAreInfeasible(t *testing.T) {
	for _, a := range []*Arrays{
		{Cost: []float64{1}, ColLower: []float64{2}, ColUpper: []float64{1}},
		{Cost: []float64{1}, ColLower: []float64{inf}, ColUpper: []float64{inf}},
		{Cost: []float64{1}, ColLower: []float64{0}, ColUpper: []float64{1}, RowLower: []float64{-inf}, RowUpper: []float64{-inf}, Start: []int32{0, 1}, Index: []int32{0}, Value: []float64{1}},
		{RowLower: []float64{1}, RowUpper: []float64{0}, Start: []int32{0, 0}},
	} {
		if s := mustSolveArrays(t, a, SolveOptions{}); s.Status != Infeasible || s.X != nil {
			t.Errorf("%+v: %+v", a, s)
		}
	}
}

func TestThreadsMayDifferFromSolveToSolve(t *testing.T) {
	a := randomLP(rand.New(rand.NewSource(3)), 15, 8)
	a.Integer = make([]bool, 15)
	for j := range a.Integer {
		a.Integer[j] = j%2 == 0
	}
	want := mustSolveArrays(t, a, SolveOptions{Gap: 1e-9})
	for k := range 12 {
		s := mustSolveArrays(t, a, SolveOptions{Gap: 1e-9, Threads: 1 + k%3})
		if s.Status != want.Status || !near(s.Objective, want.Objective, 1e-7) {
			t.Errorf("%d threads: %v %v (%s), want %v %v", 1+k%3, s.Status, s.Objective, s.Message, want.Status, want.Objective)
		}
	}
}

// On one and the same thread of the system a QP that may use several threads must not keep the LPs after it from being solved: the scheduler belongs to the
// thread, and whatever ran on it before is nobody else's business.
func TestThreadsOfOneKindOfProblemDoNotSpoilTheNext(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r := rand.New(rand.NewSource(5))
	lp, mip, qp := randomLP(r, 8, 5), randomLP(r, 8, 5), randomQP(r, 6, 4)
	mip.Integer = make([]bool, 8)
	mip.Integer[0] = true
	for _, threads := range []int{1, 2, 3, 2} {
		for _, before := range []*Arrays{qp, mip, qp, lp} {
			if s := mustSolveArrays(t, before, SolveOptions{Threads: threads}); s.Status != Optimal {
				t.Fatalf("%d threads: %v (%s)", threads, s.Status, s.Message)
			}
			l, err := NewLP(lp, LPOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if st, err := l.Solve(bg); st != Optimal || err != nil {
				t.Errorf("an LP after a problem on %d threads: %v %v", threads, st, err)
			}
			l.Close()
			if s := mustSolveArrays(t, lp, SolveOptions{}); s.Status != Optimal {
				t.Errorf("an LP by Solve after a problem on %d threads: %v (%s)", threads, s.Status, s.Message)
			}
		}
	}
}

// hardLP takes the solver much longer than the tests wait.
func hardLP() *Arrays { return randomLP(rand.New(rand.NewSource(7)), 1200, 900) }

func TestEveryKindOfSolveStopsWithinASecond(t *testing.T) {
	before := OpenInstances()
	lp, mip := hardLP(), randomLP(rand.New(rand.NewSource(9)), 1200, 900)
	mip.Integer = make([]bool, 1200)
	for j := range mip.Integer {
		mip.Integer[j] = j%3 == 0
	}
	qp := randomQP(rand.New(rand.NewSource(5)), 1000, 200)
	persistent := newLP(t, lp, LPOptions{})
	primal := newLP(t, lp, LPOptions{Primal: true})
	before += 2
	for _, tt := range []struct {
		name  string
		solve func(ctx context.Context) (Status, error)
	}{
		{"persistent LP", persistent.Solve},
		{"persistent LP, primal simplex", primal.SolveRobust},
		{"LP", solveHard(lp, nil)},
		{"LP by interior point", solveHard(lp, map[string]string{"solver": "ipm"})},
		{"MILP with a long root relaxation", solveHard(mip, nil)},
		{"QP", solveHard(qp, nil)},
	} {
		for _, want := range []Status{Interrupted, TimeLimit} {
			persistent.ClearBasis()
			primal.ClearBasis()
			stopsPromptly(t, tt.name, want, tt.solve)
		}
	}
	waitForInstances(t, before, time.Minute)
}

// stopsPromptly checks that a solve returns within a second of its context, in one of three trials: other work on the machine may hold
// up one.
func stopsPromptly(t *testing.T, name string, want Status, solve func(ctx context.Context) (Status, error)) {
	t.Helper()
	const after = 300 * time.Millisecond
	var late time.Duration
	for range 3 {
		ctx, cancel := context.WithCancel(bg)
		if want == TimeLimit {
			cancel()
			ctx, cancel = context.WithTimeout(bg, after)
		} else {
			time.AfterFunc(after, cancel)
		}
		start := time.Now()
		s, err := solve(ctx)
		late = time.Since(start) - after
		cancel()
		if s != want || err != nil {
			t.Errorf("%s: %v %v, want %v (or the case is too easy)", name, s, err, want)
			return
		}
		if late < time.Second {
			return
		}
	}
	t.Errorf("%s: returned %v after its context was done", name, late)
}

func solveHard(a *Arrays, options map[string]string) func(ctx context.Context) (Status, error) {
	return func(ctx context.Context) (Status, error) {
		s, err := Solve(ctx, a, SolveOptions{SolverOption: options}, nil)
		if err != nil {
			return Failed, err
		}
		return s.Status, nil
	}
}
