//go:build cgo && !nohighs

package highs

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"runtime"
	"sync"
	"testing"
	"time"
)

var (
	inf = math.Inf(1)
	bg  = context.Background()
)

// newLP makes an LP that the test closes, and checks that no instance outlives it.
func newLP(t *testing.T, a *Arrays, opt LPOptions) *LP {
	t.Helper()
	l, err := NewLP(a, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func mustSolve(t *testing.T, l *LP) Status {
	t.Helper()
	s, err := l.Solve(bg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cold solves the arrays by a new instance.
func cold(t *testing.T, a *Arrays) (Status, float64) {
	t.Helper()
	l, err := NewLP(a, LPOptions{Presolve: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return mustSolve(t, l), l.Objective()
}

func TestHotStartsEqualColdSolves(t *testing.T) {
	statuses := map[Status]int{}
	hotIterations, coldIterations := 0, 0
	for seed := range int64(12) {
		r := rand.New(rand.NewSource(seed))
		a := randomLP(r, 20, 12)
		l := newLP(t, a, LPOptions{})
		mustSolve(t, l)
		first := a.clone()
		for range 25 {
			now := first.clone()
			var index []int32
			var lower, upper []float64
			for _, j := range r.Perm(20)[:1+r.Intn(4)] {
				mid := math.Round(first.ColLower[j] + r.Float64()*(first.ColUpper[j]-first.ColLower[j]))
				lo, up := first.ColLower[j], mid
				if r.Intn(2) == 0 {
					lo, up = mid, first.ColUpper[j]
				}
				index, lower, upper = append(index, int32(j)), append(lower, lo), append(upper, up)
				now.ColLower[j], now.ColUpper[j] = lo, up
			}
			if err := l.ChangeColBounds(index, lower, upper); err != nil {
				t.Fatal(err)
			}
			got, err := l.SolveRobust(bg)
			if err != nil {
				t.Fatal(err)
			}
			hotIterations += l.Iterations()
			c, err := NewLP(now, LPOptions{})
			if err != nil {
				t.Fatal(err)
			}
			want, _ := c.SolveRobust(bg)
			coldIterations += c.Iterations()
			if got != want || !near(l.Objective(), c.Objective(), 1e-8) {
				t.Fatalf("seed %d: hot %v %v, cold %v %v", seed, got, l.Objective(), want, c.Objective())
			}
			c.Close()
			statuses[got]++
			for k, j := range index {
				lower[k], upper[k] = first.ColLower[j], first.ColUpper[j]
			}
			l.ChangeColBounds(index, lower, upper)
		}
	}
	if statuses[Optimal] < 50 || statuses[Infeasible] < 20 {
		t.Errorf("the test is to meet both outcomes often: %v", statuses)
	}
	if hotIterations*2 > coldIterations {
		t.Errorf("hot starts took %d iterations, cold ones %d: the basis was not used", hotIterations, coldIterations)
	}
}

func TestEmptyAndTrivialLPs(t *testing.T) {
	tests := []struct {
		name      string
		a         Arrays
		want      Status
		objective float64
	}{
		{"nothing", Arrays{Offset: 3}, Optimal, 3},
		{"a row that holds", Arrays{Maximize: true, Offset: 2, RowLower: []float64{-1}, RowUpper: []float64{0}, Start: []int32{0, 0}}, Optimal, 2},
		{"a row that cannot hold", Arrays{RowLower: []float64{1}, RowUpper: []float64{1}, Start: []int32{0, 0}}, Infeasible, math.NaN()},
		{"no rows", Arrays{Maximize: true, Cost: []float64{2}, ColLower: []float64{0}, ColUpper: []float64{4}}, Optimal, 8},
		{"no rows, unbounded", Arrays{Maximize: true, Cost: []float64{2}, ColLower: []float64{0}, ColUpper: []float64{inf}}, Unbounded, math.NaN()},
		{"crossed bounds", Arrays{Cost: []float64{2}, ColLower: []float64{3}, ColUpper: []float64{2}}, Infeasible, math.NaN()},
		{"empty row and column, row holds", Arrays{Cost: []float64{1}, ColLower: []float64{-1}, ColUpper: []float64{1}, RowLower: []float64{-inf}, RowUpper: []float64{0}, Start: []int32{0, 0}}, Optimal, -1},
		{"empty row, cannot hold", Arrays{Cost: []float64{1}, ColLower: []float64{-1}, ColUpper: []float64{1}, RowLower: []float64{2}, RowUpper: []float64{inf}, Start: []int32{0, 0}}, Infeasible, math.NaN()},
		{"free column", Arrays{Cost: []float64{1}, ColLower: []float64{-inf}, ColUpper: []float64{inf}, RowLower: []float64{-7}, RowUpper: []float64{inf}, Start: []int32{0, 1}, Index: []int32{0}, Value: []float64{2}}, Optimal, -3.5},
	}
	for _, tt := range tests {
		for _, presolve := range []bool{false, true} {
			l := newLP(t, &tt.a, LPOptions{Presolve: presolve})
			got := mustSolve(t, l)
			if got != tt.want || tt.want != Unbounded && !near(l.Objective(), tt.objective, 1e-9) {
				t.Errorf("%s: %v %v, want %v %v", tt.name, got, l.Objective(), tt.want, tt.objective)
			}
			if got == Unbounded {
				if ray, ok := l.PrimalRay(); !ok || ray[0] <= 0 {
					t.Errorf("%s: ray %v %v", tt.name, ray, ok)
				}
			}
		}
	}
}

func TestCutoffEndsASolveOnlyWhereNothingBetterIsLeft(t *testing.T) {
	stopped := 0
	for seed := range int64(20) {
		a := randomLP(rand.New(rand.NewSource(seed)), 25, 15)
		l := newLP(t, a, LPOptions{})
		if mustSolve(t, l) != Optimal {
			t.Fatal("random LPs have an optimum")
		}
		best := l.Objective()
		for _, shift := range []float64{-5, -0.5, 0.5, 5} {
			l.ClearBasis()
			l.SetCutoff(best + shift)
			s := mustSolve(t, l)
			better := a.sign()*best < a.sign()*(best+shift) // the optimum is better than the cutoff
			switch {
			case s == CutoffReached && better:
				t.Errorf("seed %d: cut off at %v, yet the optimum is %v", seed, best+shift, best)
			case s == CutoffReached:
				stopped++
			case s != Optimal || !near(l.Objective(), best, 1e-9):
				t.Errorf("seed %d: %v %v, want optimal %v", seed, s, l.Objective(), best)
			}
		}
		l.ClearCutoff()
		if s := mustSolve(t, l); s != Optimal || !near(l.Objective(), best, 1e-9) {
			t.Errorf("seed %d: after the cutoff %v %v", seed, s, l.Objective())
		}
	}
	if stopped == 0 {
		t.Error("no solve stopped at its cutoff")
	}
}

func TestIterationAndTimeLimitsAndContexts(t *testing.T) {
	a := randomLP(rand.New(rand.NewSource(5)), 30, 20)
	l := newLP(t, a, LPOptions{IterationLimit: 3})
	if s := mustSolve(t, l); s != IterationLimit || l.Iterations() != 3 {
		t.Errorf("%v after %d iterations, want the limit of 3", s, l.Iterations())
	}
	l.SetIterationLimit(0)
	if s := mustSolve(t, l); s != Optimal {
		t.Errorf("limit lifted: %v", s)
	}
	want := l.Objective()
	done, cancel := context.WithCancel(bg)
	cancel()
	if s, err := l.Solve(done); s != Interrupted || err != nil {
		t.Errorf("context done: %v %v", s, err)
	}
	l.ClearBasis()
	opt := l.Options()
	opt.TimeLimit = time.Nanosecond
	l.SetOptions(opt)
	if s := mustSolve(t, l); s != TimeLimit {
		t.Errorf("time limit: %v", s)
	}
	opt.TimeLimit = time.Hour
	l.SetOptions(opt)
	if s := mustSolve(t, l); s != Optimal || !near(l.Objective(), want, 1e-9) {
		t.Errorf("after the limits: %v %v, want %v", s, l.Objective(), want)
	}
}

func TestRobustSolveLeavesSettingsAlone(t *testing.T) {
	a := randomLP(rand.New(rand.NewSource(2)), 10, 6)
	opt := LPOptions{IterationLimit: 1000, Seed: 7, Feasibility: 1e-8}
	l := newLP(t, a, opt)
	if s, err := l.SolveRobust(bg); s != Optimal || err != nil {
		t.Fatal(s, err)
	}
	got := l.Options()
	if got.IterationLimit != 1000 || got.Seed != 7 || got.Feasibility != 1e-8 || got.Presolve || got.Primal || got.NoScaling {
		t.Errorf("settings became %+v", got)
	}
}

func TestInputThatTheSolverWouldRefuse(t *testing.T) {
	good := func() *Arrays {
		return &Arrays{Cost: []float64{1, 1}, ColLower: []float64{0, 0}, ColUpper: []float64{1, 1}, RowLower: []float64{1}, RowUpper: []float64{inf},
			Start: []int32{0, 2}, Index: []int32{0, 1}, Value: []float64{1, 1}}
	}
	tests := []struct {
		name  string
		spoil func(*Arrays)
		array string
		index int
	}{
		{"NaN cost", func(a *Arrays) { a.Cost[1] = math.NaN() }, "Cost", 1},
		{"infinite cost", func(a *Arrays) { a.Cost[0] = inf }, "Cost", 0},
		{"NaN bound", func(a *Arrays) { a.ColUpper[1] = math.NaN() }, "ColUpper", 1},
		{"short bounds", func(a *Arrays) { a.ColLower = a.ColLower[:1] }, "ColLower", -1},
		{"unreachable lower bound", func(a *Arrays) { a.RowLower[0] = inf }, "RowLower", 0},
		{"index out of range", func(a *Arrays) { a.Index[1] = 2 }, "Index", 1},
		{"column twice", func(a *Arrays) { a.Index[1] = 0 }, "Index", 1},
		{"start too short", func(a *Arrays) { a.Start = a.Start[:1] }, "Start", -1},
		{"start not increasing", func(a *Arrays) {
			a.RowLower, a.RowUpper, a.Start = []float64{1, 1}, []float64{1, 1}, []int32{0, 3, 2}
		}, "Start", 2},
		{"huge coefficient", func(a *Arrays) { a.Value[0] = 1e15 }, "Value", 0},
		{"NaN offset", func(a *Arrays) { a.Offset = math.NaN() }, "Offset", -1},
		{"integer column", func(a *Arrays) { a.Integer = []bool{true, false} }, "Integer", -1},
	}
	before := OpenInstances()
	for _, tt := range tests {
		a := good()
		tt.spoil(a)
		_, err := NewLP(a, LPOptions{})
		var e *ArrayError
		if !errors.As(err, &e) || e.Array != tt.array || e.Index != tt.index {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := NewLP(good(), LPOptions{Feasibility: 2}); err == nil {
		t.Error("a tolerance of 2 was taken")
	}
	if OpenInstances() != before {
		t.Errorf("%d instances are open, %d were", OpenInstances(), before)
	}
}

func TestAClosedLPSaysSo(t *testing.T) {
	before := OpenInstances()
	l, err := NewLP(randomLP(rand.New(rand.NewSource(1)), 3, 2), LPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if OpenInstances() != before+1 {
		t.Errorf("open: %d, want %d", OpenInstances(), before+1)
	}
	l.Close()
	l.Close()
	if OpenInstances() != before {
		t.Errorf("open: %d, want %d", OpenInstances(), before)
	}
	_, err1 := l.Solve(bg)
	err2 := l.ChangeColBounds([]int32{0}, []float64{0}, []float64{0})
	err3 := l.Primal(make([]float64, 3))
	_, err4 := l.Arrays()
	for _, err := range []error{err1, err2, err3, err4, l.SetBasis(Basis{}), l.SetCutoff(1), l.AddRows(nil, nil, []int32{0}, nil, nil)} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%v, want ErrClosed", err)
		}
	}
	if _, ok := l.Basis(Basis{}); ok || !math.IsNaN(l.Objective()) {
		t.Error("a closed LP has a basis or an objective")
	}
}

// Close is the way to free an LP; the garbage collector is the safety net.
func TestAForgottenLPIsFreed(t *testing.T) {
	before := OpenInstances()
	func() {
		l, err := NewLP(randomLP(rand.New(rand.NewSource(1)), 3, 2), LPOptions{})
		if err != nil {
			t.Fatal(err)
		}
		mustSolve(t, l)
	}()
	for end := time.Now().Add(10 * time.Second); OpenInstances() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d instances are open, %d were", OpenInstances(), before)
		}
		runtime.GC()
	}
}

func BenchmarkHotStart(b *testing.B) {
	a := randomLP(rand.New(rand.NewSource(4)), 60, 40)
	l, err := NewLP(a, LPOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	l.Solve(bg)
	iterations := 0
	for k := range b.N {
		j := k % 60
		upper := a.ColUpper[j]
		if k/60%2 == 0 {
			upper = a.ColLower[j]
		}
		l.ChangeColBounds([]int32{int32(j)}, a.ColLower[j:j+1], []float64{upper})
		l.Solve(bg)
		iterations += l.Iterations()
		l.ChangeColBounds([]int32{int32(j)}, a.ColLower[j:j+1], a.ColUpper[j:j+1])
	}
	b.ReportMetric(float64(iterations)/float64(b.N), "iterations/op")
}

func TestInstancesInSeveralGoroutines(t *testing.T) {
	before := OpenInstances()
	var wait sync.WaitGroup
	for g := range int64(4) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for k := range int64(5) {
				a := randomLP(rand.New(rand.NewSource(10*g+k)), 25, 15)
				l, err := NewLP(a, LPOptions{})
				if err != nil {
					t.Error(err)
					return
				}
				ctx, cancel := context.WithTimeout(bg, time.Minute)
				if s, err := l.Solve(ctx); s != Optimal || err != nil {
					t.Error(s, err)
				}
				cancel()
				l.Close()
			}
		}()
	}
	wait.Wait()
	if OpenInstances() != before {
		t.Errorf("%d instances are open, %d were", OpenInstances(), before)
	}
}
