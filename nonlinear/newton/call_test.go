package newton_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

const wood = `var x1; var x2; var x3; var x4;
minimize f: 100*(x2-x1^2)^2+(1-x1)^2+90*(x4-x3^2)^2+(1-x3)^2+10.1*((x2-1)^2+(x4-1)^2)+19.8*(x2-1)*(x4-1);
subject to c: x1+x2+x3+x4 <= 20; d: x1*x2 + x3*x4 >= -100;`

var woodStart = []float64{-3, -1, -3, -1}

// TestNoAllocation compares a solve of 30 iterations with one of 5: what they allocate must be the same but for the filter's growth.
func TestNoAllocation(t *testing.T) {
	p := compile(t, wood)
	count := func(iterations int) float64 {
		opt := smooth.Options{MaxIterations: iterations, Native: map[string]string{"attempts": "1", "polish": "no"}}
		return testing.AllocsPerRun(20, func() {
			if _, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: woodStart}, opt); err != nil {
				t.Fatal(err)
			}
		})
	}
	short, long := count(5), count(30)
	if long > short+6 {
		t.Errorf("%v allocations in 30 iterations, %v in 5", long, short)
	}
}

func TestSameInputSameOutput(t *testing.T) {
	for _, c := range specials[:40] {
		p := compile(t, c.source())
		var first *smooth.Answer
		for range 2 {
			a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: c.start}, smooth.Options{MaxIterations: 500})
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = a
				continue
			}
			same := a.Iterations == first.Iterations && a.Evaluations == first.Evaluations && a.Status == first.Status
			for j := range a.X {
				same = same && a.X[j] == first.X[j]
			}
			if !same {
				t.Errorf("%s: %+v, then %+v", c.name, first, a)
			}
		}
	}
}

func TestNativeOptions(t *testing.T) {
	p := compile(t, wood)
	for name, values := range map[string][]string{"barrier": {"adaptive", "monotone"}, "polish": {"yes", "no"}, "attempts": {"1", "4"}, "relax": {"0", "1e-8", "1e-6"}} {
		for _, v := range values {
			a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: woodStart}, smooth.Options{Native: map[string]string{name: v}})
			if err != nil || a.Status != model.StatusOptimal || a.Objective > 1e-8 {
				t.Errorf("%s = %s: %v, %v", name, v, a, err)
			}
		}
	}
	for name, v := range map[string]string{"barrier": "low", "polish": "maybe", "attempts": "5", "relax": "-1", "polishing": "yes"} {
		var e *newton.OptionError
		if _, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: woodStart}, smooth.Options{Native: map[string]string{name: v}}); !errors.As(err, &e) || e.Name != name {
			t.Errorf("%s = %s: error %v", name, v, err)
		}
	}
}

func TestStartErrors(t *testing.T) {
	p := compile(t, wood)
	for _, s := range []smooth.Start{{X: []float64{1}}, {X: []float64{1, 2, 3, math.NaN()}}, {X: woodStart, Rows: []float64{1}}, {X: woodStart, Upper: []float64{1}}} {
		var e *newton.StartError
		if _, err := (&newton.Solver{}).Solve(context.Background(), p, s, smooth.Options{}); !errors.As(err, &e) || e.Error() == "" {
			t.Errorf("%v: error %v", s, err)
		}
	}
}

// TestTimeLimit solves a program that takes long, and wants its end soon after the limit.
func TestTimeLimit(t *testing.T) {
	p := &slow{Compiled: compile(t, wood)}
	begin := time.Now()
	a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: woodStart}, smooth.Options{TimeLimit: 30 * time.Millisecond})
	if err != nil || a.Status != model.StatusLimit || a.Message == "" {
		t.Errorf("%+v, %v", a, err)
	}
	if d := time.Since(begin); d > time.Second {
		t.Errorf("took %v", d)
	}
}

// slow takes its time for each gradient.
type slow struct{ *smooth.Compiled }

func (s *slow) Gradient(x, g []float64) {
	time.Sleep(10 * time.Millisecond)
	s.Compiled.Gradient(x, g)
}

// TestLogAndProgress checks that iterations are told in order and that the log has a line for each.
func TestLogAndProgress(t *testing.T) {
	p := compile(t, wood)
	lines, last := 0, -1
	a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: woodStart}, smooth.Options{
		Log: func(string) { lines++ },
		Progress: func(it smooth.Iterate) bool {
			if it.Iteration <= last || len(it.X) != 4 {
				t.Errorf("%+v after iteration %d", it, last)
			}
			last = it.Iteration
			return true
		}})
	if err != nil || a.Status != model.StatusOptimal || lines < a.Iterations || last < 0 {
		t.Errorf("%+v, %v, %d lines, last iteration %d", a, err, lines, last)
	}
}
