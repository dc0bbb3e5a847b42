package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// TestBesidePodium: which of the search on pairs and the enumeration of critical regions makes the result, and what the notes say of the other.
func TestBesidePodium(t *testing.T) {
	m := NewModel("two ways")
	x := m.Leader().Var("x", 0, 10)
	m.Leader().Minimize(x)
	s, err := newSolver(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	result := func(proof model.Proof, objective, bound float64) *Result {
		r := &Result{Status: model.StatusFeasible, Proof: proof, Objective: objective, Bound: bound, Point: &model.Point{X: []float64{objective}},
			Certificate: &verify.Certificate{Verified: true}}
		if proof >= model.ProofGlobal {
			r.Status = model.StatusOptimal
		}
		return r
	}
	broken := errors.New("broken")
	unbounded := &Result{Status: model.StatusUnbounded, Proof: model.ProofUnbounded, Objective: math.NaN(), Bound: math.NaN()}
	for _, c := range []struct {
		name                string
		search, enumeration besideLane
		objective, bound    float64 // NaN: an error
		note                string
	}{
		{"the search proved", besideLane{r: result(model.ProofGlobal, 5, 5)}, besideLane{r: result(model.ProofFeasible, 6, 3)}, 5, 5, ""},
		{"the enumeration proved", besideLane{r: result(model.ProofFeasible, 6, 3)}, besideLane{r: result(model.ProofGlobal, 5, 5)}, 5, 5, "faster"},
		{"better bound there", besideLane{r: result(model.ProofFeasible, 6, 3)}, besideLane{r: result(model.ProofFeasible, 8, 4)}, 6, 4, "the bound is that of"},
		{"a bound there that the point here refutes", besideLane{r: result(model.ProofFeasible, 6, 3)}, besideLane{r: result(model.ProofFeasible, 8, 7)}, 6, 3, ""},
		{"optimal here, no bound there", besideLane{r: result(model.ProofGlobal, 5, 5)}, besideLane{r: unbounded}, 5, math.NaN(), "contradict each other"},
		{"the enumeration did not begin", besideLane{r: result(model.ProofFeasible, 6, 3)}, besideLane{}, 6, 3, ""},
		{"the enumeration was stopped", besideLane{r: result(model.ProofFeasible, 6, 3)}, besideLane{err: fmt.Errorf("regions: %w", context.Canceled)}, 6, 3, ""},
		{"the enumeration broke", besideLane{r: result(model.ProofFeasible, 6, 3)}, besideLane{err: broken}, 6, 3, "without an answer: broken"},
		{"the search broke, the enumeration proved", besideLane{err: broken}, besideLane{r: result(model.ProofGlobal, 5, 5)}, 5, 5, ""},
		{"the search broke", besideLane{err: broken}, besideLane{r: result(model.ProofFeasible, 6, 3)}, math.NaN(), 0, ""},
		{"both broke", besideLane{err: broken}, besideLane{err: errors.New("other")}, math.NaN(), 0, ""},
	} {
		got, err := s.besidePodium(c.search, c.enumeration)
		if math.IsNaN(c.objective) {
			if !errors.Is(err, broken) {
				t.Errorf("%s: %v, want an error", c.name, err)
			}
			continue
		}
		if err != nil || got.Objective != c.objective || got.Bound != c.bound && !(math.IsNaN(got.Bound) && math.IsNaN(c.bound)) {
			t.Errorf("%s: %+v %v, want %g and bound %g", c.name, got, err, c.objective, c.bound)
			continue
		}
		if proven := got.Proof >= model.ProofGlobal; proven && math.IsNaN(c.bound) {
			t.Errorf("%s: proof %v beside a contradiction", c.name, got.Proof)
		}
		if notes := strings.Join(got.Notes, "\n"); (c.note == "") != (notes == "") || !strings.Contains(notes, c.note) {
			t.Errorf("%s: notes %q, want %q", c.name, notes, c.note)
		}
	}
}
