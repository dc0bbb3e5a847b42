package family

import (
	"math"
	"testing"
)

// TestRandom compares with the published first numbers of seed 1234.
func TestRandom(t *testing.T) {
	r := NewRandom(1234)
	for _, want := range []uint64{13478418381427711195, 10936887474700444964, 3728693401281897946} {
		if got := r.Uint64(); got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	}
	if got := NewRandom(1234).Normal(); math.Abs(got+1.3516217050209425) > 1e-14 {
		t.Errorf("normal %v", got)
	}
}

// TestTollOptimum compares the closed form with the published values.
func TestTollOptimum(t *testing.T) {
	for n, want := range map[int]float64{5: 17.549577, 10: 40.119958, 20: 86.044132, 50: 235.940253, 100: 509.617076, 200: 945.566901} {
		if got := TollOptimum(n, 1234); math.Abs(got-want) > 1e-6 {
			t.Errorf("TOLL %d: %v, want %v", n, got, want)
		}
	}
}

// TestModelsAreValid builds one model of each family.
func TestModelsAreValid(t *testing.T) {
	for _, m := range []interface {
		Err() error
		NumVars() int
	}{SVR(2, 10, 1234), Rand(5, 10, 1234), Toll(5, 1234), Forecast(2, 10, 1234), Pricing(3, 3, 2, 1234), PricingMILP(3, 3, 2, 1234),
		Interdict(3, 3, 2, 1234), InterdictMILP(3, 3, 2, 1234)} {
		if err := m.Err(); err != nil || m.NumVars() == 0 {
			t.Error(err)
		}
	}
}
