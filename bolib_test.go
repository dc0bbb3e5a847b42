package bilevel_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

func readBolib(t *testing.T) []dataset.BolibProblem {
	t.Helper()
	list, err := dataset.Bolib()
	if errors.Is(err, dataset.ErrNoBolib) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestBolibLinear solves every linear problem of the collection to its known value with an unconditional proof. The problem that the
// collection notes to be unbounded has to be proven so.
func TestBolibLinear(t *testing.T) {
	list := readBolib(t)
	solved := 0
	for _, p := range list {
		if p.Class != "linear" {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			r := solveBolib(t, p.File)
			t.Logf("%-22s %-10v %-10v value %-12.8g known %-12.8g %d nodes, %.4f s", p.Name, r.Status, r.Proof, r.Objective, p.Known, r.Nodes, r.Seconds)
			bySets(t, p, r)
			if math.IsNaN(p.Known) {
				if r.Proof != bilevel.ProofUnbounded {
					t.Errorf("proof %v; the collection notes: %s", r.Proof, p.Note)
				}
				return
			}
			if r.Proof != bilevel.ProofGlobal || r.Certificate == nil || !r.Certificate.Verified {
				t.Fatalf("status %v, proof %v, notes %q", r.Status, r.Proof, r.Notes)
			}
			if math.Abs(r.Objective-p.Known) > 1e-3*math.Max(1, math.Abs(p.Known)) {
				t.Errorf("value %v, known %v", r.Objective, p.Known)
			}
		})
		solved++
	}
	if solved == 0 {
		t.Error("the collection has no linear problem")
	}
}

// bySets solves a linear problem by SOS1 sets and lp_solve, where that is on the machine, and compares the answers.
func bySets(t *testing.T, p dataset.BolibProblem, want *bilevel.Result) {
	t.Helper()
	if _, err := backends.Open("lpsolve"); err != nil {
		t.Logf("not compared with lp_solve: %v", err)
		return
	}
	m, err := modfile.ReadFiles(p.File)
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
	list := readBolib(t)
	solved, refused := 0, 0
	for _, p := range list {
		if p.Class == "linear" {
			continue
		}
		m, err := modfile.ReadFiles(p.File)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := bilevel.Explain(m); err != nil || !exact(e) {
			refused++
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			r := solveBolib(t, p.File)
			if math.IsNaN(p.Known) {
				if r.Point != nil && r.Proof == bilevel.ProofGlobal {
					t.Errorf("value %v; the collection notes: %s", r.Objective, p.Note)
				}
				return
			}
			if r.Proof != bilevel.ProofGlobal || !r.Certificate.Verified || math.Abs(r.Objective-p.Known) > 1e-2*math.Max(1, math.Abs(p.Known)) {
				t.Errorf("status %v, proof %v, value %v, known %v, notes %q", r.Status, r.Proof, r.Objective, p.Known, r.Notes)
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

func solveBolib(t *testing.T, file string) *bilevel.Result {
	t.Helper()
	m, err := modfile.ReadFiles(file)
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
