package reformtest

import (
	"math"
	"testing"
	"time"
)

// TestMix keeps the random instances a good mix: answers of every kind, and few that are too large to be enumerated.
func TestMix(t *testing.T) {
	count := map[Answer]int{}
	large, slowest, total := 0, time.Duration(0), time.Now()
	const n = 1000
	for seed := uint64(1); seed <= n; seed++ {
		in, _ := Random(seed)
		start := time.Now()
		out, err := in.Solve()
		slowest = max(slowest, time.Since(start))
		if err != nil {
			large++
			continue
		}
		count[out.Answer]++
		if out.Answer == Optimal && !in.usesDuals() {
			if err := in.CheckPoint(out.Z, 1e-7); err != nil {
				t.Errorf("seed %d: the enumerated point: %v\n%v", seed, err, in)
			}
			if v := in.value(0, out.Z); math.Abs(v-out.Value) > 1e-6*math.Max(1, math.Abs(v)) {
				t.Errorf("seed %d: value %v, the objective at the point is %v\n%v", seed, out.Value, v, in)
			}
		}
	}
	t.Logf("%v, %d too large, slowest %v, all %v", count, large, slowest, time.Since(total))
	if count[Optimal] < n/3 || count[Infeasible] < n/20 || count[Unbounded] < n/50 || large > n/20 {
		t.Errorf("not a good mix: %v, %d too large", count, large)
	}
}
