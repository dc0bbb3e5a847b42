package bilevel

import (
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// TestRefutedBound: a verified point that is better than the bound of the search by more than the tolerances let through refutes the proof; one that is better
// by rounding does not.
func TestRefutedBound(t *testing.T) {
	for _, c := range []struct {
		name             string
		maximise         bool
		objective, bound float64
		proof            model.Proof
	}{
		{"rounding", false, 5 - 1e-7, 5, model.ProofGlobal},
		{"refuted", false, 3, 5, model.ProofFeasible},
		{"rounding of a maximum", true, 5 + 1e-7, 5, model.ProofGlobal},
		{"refuted maximum", true, 7, 5, model.ProofFeasible},
	} {
		m := NewModel("refuted")
		x := m.Leader().Var("x", 0, 10)
		m.Leader().Minimize(x)
		if c.maximise {
			m.Leader().Maximize(x)
		}
		s, err := newSolver(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := &Result{Status: model.StatusOptimal, Proof: model.ProofGlobal, Objective: c.objective, Bound: c.bound, Point: &model.Point{X: []float64{c.objective}},
			Certificate: &verify.Certificate{Verified: true}}
		s.judge(r, &attempt{chain: reform.NewChain(m), backend: "branch", claim: &backends.Result{Status: model.StatusOptimal, Proof: model.ProofGlobal, Objective: c.bound, Bound: c.bound}})
		if believed := c.proof == model.ProofGlobal; r.Proof != c.proof || math.IsNaN(r.Bound) == believed || (r.Status == model.StatusOptimal) != believed {
			t.Errorf("%s: status %v, proof %v, bound %v; want proof %v", c.name, r.Status, r.Proof, r.Bound, c.proof)
		}
		if told := strings.Contains(strings.Join(r.Notes, " "), "not believed"); told != (c.proof != model.ProofGlobal) {
			t.Errorf("%s: notes %q", c.name, r.Notes)
		}
	}
}
