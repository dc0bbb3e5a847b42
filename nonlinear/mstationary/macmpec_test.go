package mstationary

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
	"github.com/gobilevel/bilevel/reform"
)

// instance is a problem of the MacMPEC collection with standard pairs.
type instance struct {
	id     string
	prog   *smooth.Compiled
	pairs  []model.Pair
	start  []float64
	target float64 // as a minimum
	known  bool
}

// instances reads those of the collection with up to limit variables.
func instances(t *testing.T, limit int) []instance {
	t.Helper()
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
		Target  any
		N       int
		Counts  struct{ Variables int } `json:"file_counts"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var out []instance
	for _, e := range list {
		if e.Counts.Variables > limit {
			continue
		}
		files := []string{}
		if e.Dat != nil && *e.Dat != "" {
			files = append(files, filepath.Join(dir, *e.Dat))
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Mod), files...)
		if err != nil {
			t.Fatalf("%s: %v", e.ID, err)
		}
		if (reform.Normalise{}).Accepts(m) == nil {
			res, err := reform.Normalise{}.Apply(context.Background(), m)
			if err != nil {
				t.Fatalf("%s: %v", e.ID, err)
			}
			m = res.Model
		}
		in := instance{id: e.ID}
		if in.prog, err = smooth.Compile(m); err != nil {
			t.Fatalf("%s: %v", e.ID, err)
		}
		for k := range m.NumPairs() {
			in.pairs = append(in.pairs, m.Pair(k))
		}
		in.start, _ = m.StartPoint()
		if v, ok := e.Target.(float64); ok {
			in.target, in.known = v*m.Leader().Objective().Sense.Sign(), true
		}
		out = append(out, in)
	}
	return out
}

func (in *instance) reached(f float64) bool {
	return in.known && f <= in.target+1e-4*math.Max(1, math.Abs(in.target))
}

// TestMacMPEC runs the method on the small instances of the collection from their given starts. What it calls M- or S-stationary must be,
// by the independent check; nearly all have to end so, and most at the value of the collection.
func TestMacMPEC(t *testing.T) {
	solved, reached := 0, 0
	list := instances(t, 60)
	for _, in := range list {
		r, err := Solve(context.Background(), in.prog, in.pairs, Start{X: in.start}, Options{TimeLimit: 20 * time.Second})
		if err != nil {
			t.Fatalf("%s: %v", in.id, err)
		}
		mark := " "
		if r.Solved() {
			solved++
			if in.reached(r.Objective) {
				reached++
				mark = "*"
			}
			in.check(t, r)
		}
		t.Logf("%s %-14s %v, %v: f %.6g, target %.6g; residual %.1e; %d iterations, steps %+v, biactive %d, curvature %.3g, left %d; %.1f ms %s", mark, in.id, r.Status, r.Class, r.Objective,
			in.target, r.Residual, r.Iterations, r.Steps, len(r.Biactive), r.Order.Curvature, len(r.Left), 1e3*r.Seconds, r.Message)
	}
	t.Logf("%d instances, %d stationary, %d at the target", len(list), solved, reached)
	if solved < len(list)-1 || reached < 47 {
		t.Errorf("%d of %d instances ended at a stationary point, %d at the target", solved, len(list), reached)
	}
}

// check holds a result that claims a class against multipliers that are found anew.
func (in *instance) check(t *testing.T, r *Result) {
	t.Helper()
	violation, complementarity := violations(in.prog, in.pairs, r.X)
	if violation > 1e-6 || complementarity > 1e-6 {
		t.Errorf("%s: violation %g, complementarity %g", in.id, violation, complementarity)
	}
	g := make([]float64, len(r.X))
	in.prog.Gradient(r.X, g)
	tol := 1e-5 * (1 + dense.MaxAbs(g))
	if len(r.Biactive) > 6 && r.Class == ClassM {
		t.Logf("%s: %d biactive pairs are too many for the enumeration of cells", in.id, len(r.Biactive))
		return
	}
	m, strong := 0.0, 0.0
	if r.Class == ClassS {
		strong = strongDistance(in.prog, in.pairs, r.X, 1e-6)
	} else {
		_, m, _ = distances(in.prog, in.pairs, r.X, 1e-6)
	}
	if r.Class < ClassM || m > tol || strong > tol {
		t.Errorf("%s: called %v, but M-stationarity fails by %g, S-stationarity by %g", in.id, r.Class, m, strong)
	}
}
