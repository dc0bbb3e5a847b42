package newton_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// source is the whole text of a problem.
func (c classic) source() string {
	var b strings.Builder
	bounds := strings.Split(c.bounds, ",")
	for j := range c.start {
		fmt.Fprintf(&b, "var x%d", j+1)
		of := bounds[0]
		if len(bounds) > 1 {
			of = bounds[j]
		}
		if lo, hi, found := strings.Cut(of, " "); found {
			if lo != "" {
				fmt.Fprintf(&b, " >= %s", lo)
			}
			if hi != "" {
				fmt.Fprintf(&b, " <= %s", hi)
			}
		}
		b.WriteString(";\n")
	}
	b.WriteString(c.text)
	return b.String()
}

func compile(t *testing.T, text string) *smooth.Compiled {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// options logs the iteration where tests are verbose.
func options(t *testing.T) smooth.Options {
	opt := smooth.Options{MaxIterations: 500}
	if os.Getenv("NEWTON_LOG") != "" {
		opt.Log = func(s string) { t.Log(s) }
	}
	return opt
}

func TestClassics(t *testing.T) {
	total := 0
	for _, c := range classics {
		t.Run(c.name, func(t *testing.T) {
			p := compile(t, c.source())
			a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: c.start}, options(t))
			if err != nil {
				t.Fatal(err)
			}
			total += a.Iterations
			t.Logf("%s: %v, %d iterations, %d evaluations, %v", c.name, a.Status, a.Iterations, a.Evaluations, a.Objective)
			tol := c.tol
			if tol == 0 {
				tol = 1e-6
			} else if a.Status == model.StatusReducedAccuracy {
				a.Status = model.StatusOptimal
			}
			if a.Status != model.StatusOptimal {
				t.Fatalf("%v (%s) after %d iterations at %v", a.Status, a.Message, a.Iterations, a.X)
			}
			near := func(v float64) bool { return math.Abs(a.Objective-v) <= tol*max(1, math.Abs(v)) }
			if !near(c.want) && (c.local == 0 || !near(c.local)) {
				t.Errorf("objective %v at %v, want %v (%s)", a.Objective, a.X, c.want, c.from)
			}
			if c.tol == 0 && (a.Violation > 1e-8 || a.Residual > 1e-6 || a.Gap > 1e-6) {
				t.Errorf("violation %v, residual %v, gap %v", a.Violation, a.Residual, a.Gap)
			}
		})
	}
	t.Logf("%d iterations in all", total)
}
