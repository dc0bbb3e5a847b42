package highs

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// An answer that the solver calls optimal is measured: max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18 has (2, 6) with duals (0, 3/2, 1).
func TestAnswersAreMeasured(t *testing.T) {
	inf := math.Inf(1)
	a := &Arrays{Maximize: true, Cost: []float64{3, 5}, ColLower: []float64{0, 0}, ColUpper: []float64{inf, inf},
		RowLower: []float64{-inf, -inf, -inf}, RowUpper: []float64{4, 12, 18},
		Start: []int32{0, 1, 2, 4}, Index: []int32{0, 1, 0, 1}, Value: []float64{1, 2, 3, 2}}
	tests := []struct {
		name     string
		x, duals []float64
		feasible bool
		status   model.Status
		proof    model.Proof
		bound    float64
		reason   string
	}{
		{"optimal", []float64{2, 6}, []float64{0, 1.5, 1}, true, model.StatusOptimal, model.ProofGlobal, 36, "both sides meet"},
		{"not optimal", []float64{1, 6}, []float64{0, 1.5, 1}, true, model.StatusReducedAccuracy, model.ProofFeasible, 36, "33 is below the bound"},
		{"violates a row", []float64{2.001, 6}, []float64{0, 1.5, 1}, false, model.StatusReducedAccuracy, model.ProofNone, 36, "3x + 2y = 18.003"},
		{"violates a bound", []float64{-0.001, 6}, []float64{0, 1.5, 1}, false, model.StatusReducedAccuracy, model.ProofNone, 36, "x < 0"},
		{"poor duals", []float64{2, 6}, []float64{3, 2.5, 0}, true, model.StatusReducedAccuracy, model.ProofFeasible, 42, "4*3 + 12*2.5 = 42 is a bound, but not tight"},
		{"impossible duals", []float64{2, 6}, []float64{0, 0, 0}, true, model.StatusReducedAccuracy, model.ProofFeasible, math.NaN(), "the variables have no upper bounds"},
		{"duals of the wrong sign", []float64{2, 6}, []float64{-1, 1.5, 1}, true, model.StatusReducedAccuracy, model.ProofFeasible, math.NaN(), "the row has no lower bound"},
	}
	for _, tt := range tests {
		s := nothing(Optimal, "")
		s.X, s.RowDuals = tt.x, tt.duals
		a.measure(s, 1e-9, 1e-6)
		status, proof := s.claim()
		if status != tt.status || proof != tt.proof || s.Feasible != tt.feasible || !near(s.Bound, tt.bound, 1e-12) {
			t.Errorf("%s: %v, proof %v, feasible %v, bound %v: %s", tt.name, status, proof, s.Feasible, s.Bound, tt.reason)
		}
	}
}

func TestClaims(t *testing.T) {
	point := func(s Status, feasible bool) *Solution {
		out := nothing(s, "")
		out.X, out.Feasible = []float64{0}, feasible
		return out
	}
	for _, tt := range []struct {
		s      *Solution
		status model.Status
		proof  model.Proof
	}{
		{nothing(Infeasible, ""), model.StatusInfeasible, model.ProofInfeasible},
		{nothing(Unbounded, ""), model.StatusUnbounded, model.ProofUnbounded},
		{nothing(InfeasibleOrUnbounded, ""), model.StatusInfOrUnbounded, model.ProofNone},
		{nothing(TimeLimit, ""), model.StatusLimit, model.ProofNone},
		{point(TimeLimit, true), model.StatusFeasible, model.ProofFeasible},
		{point(TimeLimit, false), model.StatusLimit, model.ProofNone},
		{point(IterationLimit, true), model.StatusFeasible, model.ProofFeasible},
		{point(SolutionLimit, true), model.StatusFeasible, model.ProofFeasible},
		{point(TargetReached, true), model.StatusFeasible, model.ProofFeasible},
		{nothing(Interrupted, ""), model.StatusInterrupted, model.ProofNone},
		{point(Interrupted, true), model.StatusInterrupted, model.ProofFeasible},
		{nothing(CutoffReached, ""), model.StatusLimit, model.ProofNone},
		{nothing(Unknown, ""), model.StatusUnknown, model.ProofNone},
		{point(Unknown, true), model.StatusFeasible, model.ProofFeasible},
		{nothing(Failed, ""), model.StatusFailed, model.ProofNone},
	} {
		if status, proof := tt.s.claim(); status != tt.status || proof != tt.proof {
			t.Errorf("%v, feasible %v: %v, proof %v; want %v, %v", tt.s.Status, tt.s.Feasible, status, proof, tt.status, tt.proof)
		}
	}
}

// near reports whether two numbers agree to the tolerance, relative to their size where that exceeds 1. Two NaNs do.
func near(a, b, tolerance float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}
