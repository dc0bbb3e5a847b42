package newton_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/reform"
)

// collection calls visit with the small instances of MacMPEC, mixed pairs normalised.
func collection(t *testing.T, most int, visit func(name string, m *model.Model)) {
	dir, ok := dataset.Find("macmpec")
	if !ok {
		t.Skip("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		ID, Mod string
		Dat     *string
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		var data []string
		if e.Dat != nil {
			data = append(data, filepath.Join(dir, *e.Dat))
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Mod), data...)
		if err != nil {
			t.Fatal(err)
		}
		if n := (reform.Normalise{}); n.Accepts(m) == nil {
			r, err := n.Apply(context.Background(), m)
			if err != nil {
				t.Fatal(err)
			}
			m = r.Model
		}
		if m.NumVars() <= most {
			visit(e.ID, m)
		}
	}
}

// relaxed is the program of m with ab <= t for each pair, and its start.
func relaxed(t *testing.T, m *model.Model, parameter float64) (*smooth.Compiled, []float64) {
	t.Helper()
	r, err := reform.Relax{Kind: reform.Scholtes, T: parameter}.Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	p, err := smooth.Compile(r.Model)
	if err != nil {
		t.Fatal(err)
	}
	x, _ := r.Model.StartPoint()
	return p, x
}

// TestRelaxations solves relaxations of the small instances of MacMPEC, which have no interior to speak of when t is small. Almost all must be
// solved, and the values may be worse than those of Ipopt, where that is on the machine, as seldom as they are better.
func TestRelaxations(t *testing.T) {
	reference := ipopt.New().Version() != ""
	runs, solved, better, worse := 0, 0, 0, 0
	collection(t, 30, func(name string, m *model.Model) {
		for _, parameter := range []float64{1e-2, 1e-6} {
			p, x := relaxed(t, m, parameter)
			a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: x}, smooth.Options{MaxIterations: 1000})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			runs++
			if !a.Solved() {
				t.Logf("%s, t = %v: %v, %s", name, parameter, a.Status, a.Message)
				continue
			}
			solved++
			if a.Violation > 1e-7 {
				t.Errorf("%s, t = %v: %v with violation %v", name, parameter, a.Status, a.Violation)
			}
			if !reference || parameter != 1e-2 {
				continue
			}
			b, err := ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{X: x}, smooth.Options{MaxIterations: 300})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch d := a.Objective - b.Objective; {
			case !b.Solved() || d < -1e-4*max(1, math.Abs(b.Objective)):
				better++
			case d > 1e-4*max(1, math.Abs(b.Objective)):
				t.Logf("%s, t = %v: %v, Ipopt has %v", name, parameter, a.Objective, b.Objective)
				worse++
			}
		}
	})
	t.Logf("%d of %d solved; better than Ipopt %d times, worse %d times", solved, runs, better, worse)
	if solved < runs-runs/25 || worse > better+runs/25 {
		t.Errorf("%d of %d solved; better than Ipopt %d times, worse %d times", solved, runs, better, worse)
	}
}

// TestWarmSequence follows t from 1 to 1e-8, each solve from the one before: most of them must end within a few factorisations.
func TestWarmSequence(t *testing.T) {
	var counts []int
	failed := 0
	collection(t, 30, func(name string, m *model.Model) {
		var start smooth.Start
		for k := range 9 {
			p, x := relaxed(t, m, math.Pow(10, -float64(k)))
			opt := smooth.Options{MaxIterations: 1000}
			if k == 0 {
				start.X = x
			} else {
				opt.Warm, opt.Mu = true, math.Pow(10, -float64(max(k, 2)))
			}
			a, err := (&newton.Solver{}).Solve(context.Background(), p, start, opt)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !a.Solved() {
				failed++
			}
			if k > 0 {
				counts = append(counts, a.Iterations)
			}
			start = smooth.Start{X: a.X, Rows: a.Rows, Lower: a.Lower, Upper: a.Upper}
		}
	})
	few := 0
	for _, c := range counts {
		if c <= 5 {
			few++
		}
	}
	t.Logf("%d of %d warm solves took at most 5 iterations, %d failed", few, len(counts), failed)
	if few < len(counts)*2/3 || failed > len(counts)/50 {
		t.Errorf("%d of %d warm solves took at most 5 iterations, %d failed", few, len(counts), failed)
	}
}
