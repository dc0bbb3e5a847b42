package simplex

import (
	"math"
	"testing"
	"time"
)

// TestLargeReducedCosts solves programs min d x, a x >= 1, x >= 0 and their like with more columns, whose reduced costs are so large that the tolerance of the
// ratio test is lost beside them: (d + tolerance)/a a is below d by rounding for many of them.
func TestLargeReducedCosts(t *testing.T) {
	lost := 0
	for d := 1e7; d < 1e16; d *= 1.37 {
		for a := 0.1; a < 3; a += 0.0713 {
			if (d+dualTol)/a*a < d {
				lost++
			}
			type answer struct {
				st    Status
				value float64
			}
			done := make(chan answer, 1)
			go func() {
				s := New([]float64{d, 3 * d}, 0, []float64{0, 0}, []float64{math.Inf(1), 0.25}, []float64{1}, []float64{math.Inf(1)}, []int32{0, 2}, []int32{0, 1}, []float64{a, a})
				done <- answer{s.Solve(0), s.Objective()}
			}()
			select {
			case r := <-done:
				if r.st == Infeasible || r.st == Optimal && math.Abs(r.value-d/a) > 1e-9*d/a {
					t.Errorf("d %v, a %v: status %v, value %v, want %v", d, a, r.st, r.value, d/a)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("d %v, a %v: no answer", d, a)
			}
		}
	}
	if lost == 0 {
		t.Error("no program of the set loses the tolerance")
	}
}
