//go:build cgo && !nohighs

package highs

import (
	"context"
	"math"
	"testing"
)

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
