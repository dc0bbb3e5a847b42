package hypergrad

import (
	"errors"
	"math"
	"testing"
)

// TestScheduleFallsAsSaid compares steps and the momentum that is tied to them with their formulas.
func TestScheduleFallsAsSaid(t *testing.T) {
	s := Schedule{First: 2, Exponent: 1, Delay: 9}
	for k, want := range map[int]float64{0: 2, 10: 1, 90: 0.2} {
		if got := s.size(k, nil); math.Abs(got-want) > 1e-15 {
			t.Errorf("step %d is %v, should be %v", k, got, want)
		}
	}
	if got, want := (Schedule{First: 3, Exponent: 0.5}).size(15, nil), 0.75; math.Abs(got-want) > 1e-15 {
		t.Errorf("without delay: %v, should be %v", got, want)
	}
	for _, bad := range []Schedule{{First: 1, Delay: -1}, {First: 1, Delay: math.NaN()}, {First: 1, Delay: math.Inf(1)}, {First: 0}, {First: 1, Exponent: -1}} {
		if err := bad.check(); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	r := &sampledRun{k: 26, opt: SampledOptions{Method: SUSTAIN{}}}
	if got, want := r.momentum(1, 2), 1./9; math.Abs(got-want) > 1e-15 {
		t.Errorf("momentum of k^-2/3 at k = 27: %v, should be %v", got, want)
	}
	r.opt.XSteps = Schedule{First: 0.5, Exponent: 1, Delay: 12}
	if got, want := r.momentum(1, 2), 1./9; math.Abs(got-want) > 1e-15 {
		t.Errorf("momentum of steps that fell to a third: %v, should be %v", got, want)
	}
	if got := r.momentum(100, 1); got != 1 {
		t.Errorf("momentum %v is above 1", got)
	}
}
