package bilevel_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

// TestCompare solves two models in all ways: whatever is verified must not be better than the optimum, whatever is proven must be the optimum,
// and each way that does not apply says why.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name, text string
		optimum    float64
		proven     []string // ways that have to prove it
		local      []string // ways that have to reach it
	}{
		{"toll", `upper; var toll >= 0, <= 10;
			lower drivers; var a >= 0; var b >= 0;
			minimize time: (toll + 2)*a + 7*b;
			s.t. trips: a + b = 100;
			upper; maximize revenue: toll*a;`, 500,
			[]string{"auto -> auto", "kkt -> branch", "kkt-strong+probe -> branch"}, []string{"kkt+relax:scholtes -> builtin", "kkt+mstationary -> builtin"}},
		{"quartic", `upper; var x >= 0, <= 4;
			lower; var y >= 0, <= 3;
			minimize f: (y - x)^4 + y^2;
			upper; minimize F: (x - 2)^2 + (y - 1)^2;`, math.NaN(),
			nil, []string{"auto -> auto", "kkt+relax:kanzow-schwartz -> builtin", "kkt+ncp:smoothed -> builtin", "kkt+penalty -> builtin", "kkt+product -> builtin"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := modfile.Read(c.name+".mod", []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			heard := 0
			list, err := bilevel.Compare(context.Background(), m, bilevel.CompareOptions{Solve: bilevel.Options{Multistart: 1}, Done: func(k int, _ bilevel.Comparison) {
				if k != heard {
					t.Errorf("heard of way %d after %d", k, heard)
				}
				heard++
			}})
			if err != nil || heard != len(list) || len(list) != len(bilevel.Ways(m)) {
				t.Fatalf("%d ways, heard of %d: %v", len(list), heard, err)
			}
			optimum, sign := c.optimum, m.Leader().Objective().Sense.Sign()
			if math.IsNaN(optimum) {
				optimum = quartic()
			}
			reached, proven := map[string]bool{}, map[string]bool{}
			for _, r := range list {
				switch {
				case r.NotFor != "":
					if len(r.NotFor) < 20 {
						t.Errorf("%v does not apply: %q", r.Way, r.NotFor)
					}
					continue
				case r.Err != nil:
					t.Errorf("%v: %v", r.Way, r.Err)
					continue
				}
				if r.Result.Size.Vars < m.NumVars() {
					t.Errorf("%v: the size is %+v", r.Way, r.Result.Size)
				}
				if r.Result.Certificate == nil || !r.Result.Certificate.Verified {
					continue
				}
				off := sign * (r.Result.Objective - optimum)
				if off < -1e-4*math.Max(1, optimum) {
					t.Errorf("%v: %v is better than the optimum %v", r.Way, r.Result.Objective, optimum)
				}
				reached[r.Way.String()] = off < 1e-4*math.Max(1, optimum)
				proven[r.Way.String()] = r.Result.Proof == bilevel.ProofGlobal
				if proven[r.Way.String()] && !reached[r.Way.String()] {
					t.Errorf("%v proves %v; the optimum is %v", r.Way, r.Result.Objective, optimum)
				}
			}
			for _, w := range c.proven {
				if !proven[w] {
					t.Errorf("%s has not proven the optimum", w)
				}
			}
			for _, w := range c.local {
				if !reached[w] {
					t.Errorf("%s has not reached the optimum", w)
				}
			}
		})
	}
}

// quartic is the optimum of the model of that name by a fine grid over x, the follower's answer solved by bisection on its derivative
// 4 (y-x)³ + 2 y.
func quartic() float64 {
	best := math.Inf(1)
	for k := 0; k <= 400000; k++ {
		x := 4 * float64(k) / 400000
		lo, hi := 0.0, 3.0
		for range 60 {
			if y := (lo + hi) / 2; 4*math.Pow(y-x, 3)+2*y < 0 {
				lo = y
			} else {
				hi = y
			}
		}
		best = min(best, (x-2)*(x-2)+(lo-1)*(lo-1))
	}
	return best
}

// TestCompareStops ends with the context, with the ways done so far.
func TestCompareStops(t *testing.T) {
	m, err := modfile.Read("m.mod", []byte(`upper; var x >= 0, <= 1; lower; var y >= 0, <= 1; minimize f: (y - x)^2; upper; minimize F: x + y;`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	list, err := bilevel.Compare(ctx, m, bilevel.CompareOptions{Done: func(k int, _ bilevel.Comparison) {
		if k == 1 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(list) != 2 {
		t.Errorf("%d ways, %v", len(list), err)
	}
	if _, err := bilevel.Compare(context.Background(), nil, bilevel.CompareOptions{}); err == nil || !strings.Contains(err.Error(), "model") {
		t.Errorf("without a model: %v", err)
	}
}

// The ways of a model with followers have each pass that takes a follower's place, and no name that does not exist; a wrong one is refused before anything
// is solved.
func TestWaysAreComplete(t *testing.T) {
	m := bilevel.NewModel("w")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	f.Minimize(f.Var("y", 0, 1))
	chains := map[string]bool{}
	for _, w := range bilevel.Ways(m) {
		if err := w.Check(); err != nil {
			t.Error(err)
		}
		chains[w.Reform] = true
	}
	if _, err := backends.Open("builtin"); err == nil {
		for _, name := range []string{"fritz-john", "tikhonov", "value-function", "value-function:penalty"} {
			if !chains[name] {
				t.Errorf("%s is missing", name)
			}
		}
	}
	done := 0
	_, err := bilevel.Compare(context.Background(), m, bilevel.CompareOptions{Ways: []bilevel.Way{{Reform: "auto", Backend: "auto"}, {Reform: "kkt+bigm", Backend: "highs"}},
		Done: func(int, bilevel.Comparison) { done++ }})
	if !errors.Is(err, reform.ErrUnknownPass) || done > 0 {
		t.Errorf("%v after %d ways", err, done)
	}
}
