package regions

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestWhatIsNotProven: an enumeration that closed regions by a better value than its point came out with proves no optimum, one that gave up pieces that it could not
// look into does not prove that there is no point, and the same enumerations without these faults prove both.
func TestWhatIsNotProven(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name  string
		s     search
		proof model.Proof
		bound float64
	}{
		{"optimum", search{value: 10, floor: 10 - 1e-6, open: inf, best: []float64{1}}, model.ProofGlobal, 10 - 1e-6},
		{"worse than its tangents", search{value: 10, floor: 9, open: inf, best: []float64{1}}, model.ProofFeasible, 9},
		{"an open leaf far below", search{value: 10, floor: inf, open: 4, best: []float64{1}}, model.ProofFeasible, 4},
		{"a relaxation closes it", search{value: 10, floor: 9, open: inf, best: []float64{1}}, model.ProofGlobal, 10},
		{"no point", search{value: inf, floor: inf, open: inf}, model.ProofInfeasible, math.NaN()},
		{"no point but for what was given up", search{value: inf, floor: inf, open: inf, given: 1}, model.ProofNone, math.NaN()},
		{"stopped", search{value: 10, floor: inf, open: 3, best: []float64{1}, why: "stopped"}, model.ProofFeasible, 3},
	} {
		c.s.leaf = &leaves{sign: 1}
		c.s.opt.Gap = 1e-6
		relaxed := math.Inf(-1)
		if c.name == "a relaxation closes it" {
			relaxed = 10
		}
		r, err := c.s.result(relaxed)
		if err != nil {
			t.Fatal(err)
		}
		if r.Proof != c.proof || !(r.Bound == c.bound || math.IsNaN(r.Bound) && math.IsNaN(c.bound)) {
			t.Errorf("%s: proof %v, bound %v; want %v, %v", c.name, r.Proof, r.Bound, c.proof, c.bound)
		}
		if (r.Proof >= model.ProofGlobal) != (r.Why == "") {
			t.Errorf("%s: proof %v, why %q", c.name, r.Proof, r.Why)
		}
	}
}
