package bilevel_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

// bolibProblem is what the index of the collection says of a problem. Best and Check are read apart from the follower's values, whose
// keys differ in case only.
type bolibProblem struct {
	name, class string
	convex      bool
	known       float64 // NaN where the problem has no optimum
	note        string
}

func readBolib(t *testing.T) (string, []bolibProblem) {
	t.Helper()
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var out []bolibProblem
	for _, e := range list {
		p := bolibProblem{known: math.NaN()}
		p.name, _ = e["name"].(string)
		p.class, _ = e["class"].(string)
		p.note, _ = e["note"].(string)
		p.convex, _ = e["lower_convex"].(bool)
		best, corrected := e["F_check"]
		if !corrected {
			best = e["F_best"]
		}
		if v, ok := best.(float64); ok {
			p.known = v
		}
		out = append(out, p)
	}
	return dir, out
}

// TestBolibLinear solves every linear problem of the collection to its known value with an unconditional proof. The problem that the
// collection notes to be unbounded has to be proven so.
func TestBolibLinear(t *testing.T) {
	dir, list := readBolib(t)
	solved := 0
	for _, p := range list {
		if p.class != "linear" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			r := solveBolib(t, dir, p.name)
			t.Logf("%-22s %-10v %-10v value %-12.8g known %-12.8g %d nodes, %.4f s", p.name, r.Status, r.Proof, r.Objective, p.known, r.Nodes, r.Seconds)
			bySets(t, dir, p, r)
			if math.IsNaN(p.known) {
				if r.Proof != bilevel.ProofUnbounded {
					t.Errorf("proof %v; the collection notes: %s", r.Proof, p.note)
				}
				return
			}
			if r.Proof != bilevel.ProofGlobal || r.Certificate == nil || !r.Certificate.Verified {
				t.Fatalf("status %v, proof %v, notes %q", r.Status, r.Proof, r.Notes)
			}
			if math.Abs(r.Objective-p.known) > 1e-3*math.Max(1, math.Abs(p.known)) {
				t.Errorf("value %v, known %v", r.Objective, p.known)
			}
		})
		solved++
	}
	if solved == 0 {
		t.Error("the collection has no linear problem")
	}
}

// bySets solves a linear problem by SOS1 sets and lp_solve, where that is on the machine, and compares the answers.
func bySets(t *testing.T, dir string, p bolibProblem, want *bilevel.Result) {
	t.Helper()
	if _, err := backends.Open("lpsolve"); err != nil {
		t.Logf("not compared with lp_solve: %v", err)
		return
	}
	m, err := modfile.ReadFiles(filepath.Join(dir, p.name+".mod"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt+sos1", Backend: "lpsolve", TimeLimit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if r.Proof != want.Proof || want.Proof == bilevel.ProofGlobal && math.Abs(r.Objective-want.Objective) > 1e-4*math.Max(1, math.Abs(want.Objective)) {
		t.Errorf("by SOS1 sets and lp_solve: %v, proof %v, value %v, notes %q; else %v, value %v", r.Status, r.Proof, r.Objective, r.Notes, want.Proof, want.Objective)
	}
}

// TestBolibQuadratic solves what else of the collection the exact methods take: convex quadratic leaders and followers.
func TestBolibQuadratic(t *testing.T) {
	dir, list := readBolib(t)
	solved, refused := 0, 0
	for _, p := range list {
		if p.class == "linear" {
			continue
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, p.name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		if e, err := bilevel.Explain(m); err != nil || !exact(e) {
			refused++
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			r := solveBolib(t, dir, p.name)
			if math.IsNaN(p.known) {
				if r.Point != nil && r.Proof == bilevel.ProofGlobal {
					t.Errorf("value %v; the collection notes: %s", r.Objective, p.note)
				}
				return
			}
			if r.Proof != bilevel.ProofGlobal || !r.Certificate.Verified || math.Abs(r.Objective-p.known) > 1e-2*math.Max(1, math.Abs(p.known)) {
				t.Errorf("status %v, proof %v, value %v, known %v, notes %q", r.Status, r.Proof, r.Objective, p.known, r.Notes)
			}
		})
		solved++
	}
	t.Logf("%d problems solved exactly, %d are beyond the exact methods", solved, refused)
	if solved < 30 {
		t.Errorf("only %d problems found a plan", solved)
	}
}

// exact reports whether the plan is one of the exact methods. The global method, which may also end without a proof, is measured on its own.
func exact(e *bilevel.Explanation) bool {
	return e.Plan != nil && e.Plan.Backend != "ipopt" && e.Plan.Backend != "builtin" && e.Plan.Passes[0] != "global"
}

func solveBolib(t *testing.T, dir, name string) *bilevel.Result {
	t.Helper()
	m, err := modfile.ReadFiles(filepath.Join(dir, name+".mod"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := bilevel.Solve(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status == model.StatusLimit {
		t.Fatal("not solved within a minute")
	}
	return r
}
