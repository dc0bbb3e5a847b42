package reformtest

import (
	"strings"
	"testing"
)

// TestPointsOffByRounding checks points of random instances whose leader's decision is off by rounding errors, so that a follower's row holds for no answer, or for one
// only: they are bilevel feasible. A follower's answer that is worse by more than the tolerance is not, and neither is one where a row is missed by more.
func TestPointsOffByRounding(t *testing.T) {
	for _, c := range []struct {
		seed uint64
		z    []float64
		own  int // a variable of a follower that makes its answer worse where it grows
	}{
		{9328, []float64{7, 2.6666666666666661, 0, 0}, 3},
		{16454, []float64{0.33333333333333348, 0, 0, 0}, 3},
		{16574, []float64{-0.33333333333333304, 1, 2, 0}, 3},
		{19369, []float64{-0.48275872179570606, 0.06206899247885489, 0, 1000, 666.85747138344834, 0.78620707517241395}, 3},
	} {
		in, _ := Random(c.seed)
		if err := in.CheckPoint(c.z, 1e-6); err != nil {
			t.Errorf("seed %d: %v\n%v", c.seed, err, in)
		}
		z := append([]float64(nil), c.z...)
		z[c.own] += 0.01
		if err := in.CheckPoint(z, 1e-6); err == nil || !strings.Contains(err.Error(), "follower 1 has") && !strings.Contains(err.Error(), "follower 2 has") {
			t.Errorf("seed %d: an answer that costs more: %v\n%v", c.seed, err, in)
		}
	}
	in, _ := Random(10196)
	if err := in.CheckPoint([]float64{0, 3.0000000000000004, -1, -1, 0}, 1e-6); err != nil {
		t.Errorf("seed 10196: %v\n%v", err, in)
	}
	if err := in.CheckPoint([]float64{0, 3.001, -1, -1, 0}, 1e-6); err == nil {
		t.Errorf("seed 10196: the first follower's row is missed by 3e-3\n%v", in)
	}
}
