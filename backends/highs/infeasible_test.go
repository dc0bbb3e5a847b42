//go:build cgo && !nohighs

package highs

import (
	"context"
	"math"
	"testing"
)

// TestSmallObjective has costs of 1e-8 and 2e-8: the solver's absolute tolerances must not pass a bad point as optimal. By hand: max 2x + 3y, 3x + 4y <= 7,
// both integer and at most 2, has its optimum 5 at (1, 1).
func TestSmallObjective(t *testing.T) {
	for _, unit := range []float64{1, 1e-6, 1e-8, 1e-11} {
		a := &Arrays{Maximize: true, Cost: []float64{2 * unit, 3 * unit}, ColLower: []float64{0, 0}, ColUpper: []float64{2, 2}, Integer: []bool{true, true},
			RowLower: []float64{math.Inf(-1)}, RowUpper: []float64{7}, Start: []int32{0, 2}, Index: []int32{0, 1}, Value: []float64{3, 4}}
		s, err := Solve(context.Background(), a, SolveOptions{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != Optimal || math.Abs(s.Objective-5*unit) > 1e-9*unit || math.Abs(s.Bound-5*unit) > 1e-3*unit {
			t.Errorf("unit %v: status %v, objective %v, bound %v", unit, s.Status, s.Objective, s.Bound)
		}
	}
}

// TestUnboundedThatPresolveCallsInfeasible has the feasible points (-s, -s/2, 1) for all s >= 0: presolve of HiGHS 1.10 says that there is none.
func TestUnboundedThatPresolveCallsInfeasible(t *testing.T) {
	inf := math.Inf(1)
	a := &Arrays{Cost: []float64{2, 3, -2}, ColLower: []float64{-inf, -inf, -inf}, ColUpper: []float64{4, inf, 1},
		RowLower: []float64{-9, -7, -inf}, RowUpper: []float64{inf, inf, 7},
		Start: []int32{0, 3, 6, 9}, Index: []int32{0, 1, 2, 0, 1, 2, 0, 1, 2}, Value: []float64{-1, -3, -1, -2, 2, -3, -1, 2, -1}}
	s, err := Solve(context.Background(), a, SolveOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != Unbounded {
		t.Errorf("status %v (%s), want unbounded", s.Status, s.Message)
	}
}

// TestPresolveOfMILP is a MILP for which presolve of HiGHS 1.10 gives 4.5. By hand: max -2 x1 + 3 x2 with 2 x2 <= x0 + 2 x1 and x0 + x1 <= 3.5, x0 in
// {0, ..., 3}: x2 = (x0 + 2 x1)/2 gives x1 + 3/2 x0, at x0 = 3, x1 = 1/2 the value 5.
func TestPresolveOfMILP(t *testing.T) {
	inf := math.Inf(1)
	a := &Arrays{Maximize: true, Cost: []float64{0, -2, 3}, ColLower: []float64{0, 0, 0}, ColUpper: []float64{3, inf, inf}, Integer: []bool{true, false, false},
		RowLower: []float64{-inf, -inf}, RowUpper: []float64{0, 7}, Start: []int32{0, 3, 5}, Index: []int32{0, 1, 2, 0, 1}, Value: []float64{-1, -2, 2, 2, 2}}
	s, err := Solve(context.Background(), a, SolveOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != Optimal || math.Abs(s.Objective-5) > 1e-6 {
		t.Errorf("status %v, objective %v, want 5", s.Status, s.Objective)
	}
}
