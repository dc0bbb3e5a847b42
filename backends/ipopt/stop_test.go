package ipopt_test

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// TestLeftRunning cancels a solve in the middle of a factorisation of some seconds, which the library does not break off.
func TestLeftRunning(t *testing.T) {
	needLibrary(t)
	if testing.Short() {
		t.Skip("takes some seconds of a core")
	}
	const n = 1600
	p := parabola(n)
	evaluating := make(chan struct{}, 100)
	p.hessian = func(_ []float64, sigma float64, _, vals []float64) {
		k := 0
		for i := range n {
			for j := range i + 1 {
				vals[k] = sigma / float64(1+i-j)
				k++
			}
			vals[k-1] = 20 * sigma
		}
		evaluating <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-evaluating
		time.Sleep(50 * time.Millisecond)
		cancel()
	}()
	a, err := ipopt.NewSolver().Solve(ctx, p, smooth.Start{}, smooth.Options{})
	late := time.Now()
	if err != nil || a.Status != model.StatusInterrupted || len(a.X) != n || len(a.Lower) != n {
		t.Fatalf("%v, %v", a.Status, err)
	}
	if !strings.Contains(a.Message, "background") {
		t.Skipf("the library was too quick: %s", a.Message)
	}
	// Another solve waits for the library where that may run one at a time only, and stops waiting when it is told to.
	a, err = ipopt.NewSolver().Solve(context.Background(), parabola(1), smooth.Start{}, smooth.Options{TimeLimit: 100 * time.Millisecond})
	if err != nil || a.Status != model.StatusLimit && a.Status != model.StatusOptimal {
		t.Errorf("%v, %v", a, err)
	}
	if took := time.Since(late); took > time.Second {
		t.Errorf("a limit of 0.1 s took %v", took)
	}
	for ipopt.OpenInstances() > 0 {
		if time.Since(late) > time.Minute {
			t.Fatalf("%d solves are still in the background", ipopt.OpenInstances())
		}
		time.Sleep(20 * time.Millisecond)
	}
	if a := solve(t, parabola(2), smooth.Options{}); a.Status != model.StatusOptimal {
		t.Errorf("afterwards: %v", a.Status)
	}
}

// TestStopsWhileTheLineSearchRuns sets out where no trial point has a value, so that there is no iteration to stop in.
func TestStopsWhileTheLineSearchRuns(t *testing.T) {
	needLibrary(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := parabola(1)
	calls := 0
	p.objective = func(x []float64) float64 {
		if calls++; calls == 4 {
			cancel()
		}
		if calls > 4 {
			time.Sleep(50 * time.Millisecond)
		}
		return -float64(calls) * x[0] * 0 // nothing gets better
	}
	p.gradient = func(_, g []float64) { g[0] = 1 }
	begin := time.Now()
	a, err := ipopt.NewSolver().Solve(ctx, p, smooth.Start{X: []float64{1}}, smooth.Options{})
	if err != nil || a.Status != model.StatusInterrupted {
		t.Errorf("%+v, %v", a, err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("took %v", took)
	}
}

// TestNothingIsLeftBehind solves many times and looks at the memory of the process.
func TestNothingIsLeftBehind(t *testing.T) {
	needLibrary(t)
	rounds := 200
	if v, err := strconv.Atoi(os.Getenv("IPOPT_ROUNDS")); err == nil {
		rounds = v
	}
	p := parabola(4)
	p.rowLower, p.rowUpper = []float64{5}, []float64{5}
	p.rows = func(x, c []float64) { c[0] = x[0] + x[1] + x[2] + x[3] }
	p.jacobian = func(_, vals []float64) { copy(vals, []float64{1, 1, 1, 1}) }
	run := func(count int) {
		for k := range count {
			o := smooth.Options{}
			if k%10 == 0 {
				o.Log = func(string) {}
			}
			if a := solve(t, p, o); a.Status != model.StatusOptimal {
				t.Fatalf("round %d: %v", k, a.Status)
			}
		}
	}
	run(rounds)
	before, goroutines, files := resident(), runtime.NumGoroutine(), openFiles()
	run(rounds)
	if after := resident(); after-before > 4<<20+float64(rounds)*512 {
		t.Errorf("%v rounds took %.1f MB", rounds, (after-before)/(1<<20))
	}
	if n := runtime.NumGoroutine(); n > goroutines+2 {
		t.Errorf("%d goroutines, before %d", n, goroutines)
	}
	if n := openFiles(); n > files+2 {
		t.Errorf("%d open files, before %d", n, files)
	}
	if n := ipopt.OpenInstances(); n != 0 {
		t.Errorf("%d open instances", n)
	}
}

// resident is the memory of the process in bytes, 0 where it can't be told.
func resident() float64 {
	runtime.GC()
	text, _ := os.ReadFile("/proc/self/statm")
	if f := strings.Fields(string(text)); len(f) > 1 {
		pages, _ := strconv.ParseFloat(f[1], 64)
		return pages * float64(os.Getpagesize())
	}
	return 0
}

func openFiles() int {
	list, _ := os.ReadDir("/proc/self/fd")
	return len(list)
}
