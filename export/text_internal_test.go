package export

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestNumbers: numbers are written as strconv writes the shortest text that reads back, but whole ones never with an exponent.
func TestNumbers(t *testing.T) {
	check := func(v float64) {
		t.Helper()
		got, want := string(appendNumber(nil, v)), strconv.FormatFloat(v, 'g', -1, 64)
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			want = strconv.FormatFloat(v, 'f', -1, 64)
		}
		if v == 0 {
			want = "0"
		}
		if got != want {
			t.Fatalf("%v is written as %s, want %s", v, got, want)
		}
	}
	for k := -20_000; k <= 20_000; k++ {
		check(float64(k) / 1000)
		check(math.Nextafter(float64(k)/1000, 1e9))
		check(float64(k) / 10000)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		check(rng.NormFloat64())
		check(math.Round(rng.NormFloat64()*1e12) / 1000)
		check(math.Round(rng.NormFloat64()*1e11) / 100)
		check(math.Ldexp(rng.NormFloat64(), rng.IntN(200)-100))
	}
	for _, v := range []float64{0.001, -0.001, 0.0005, 999999999.999, 1e9 - 0.5, 1e9 + 0.5, 123456789.125, 1e-4, 1e22, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1)} {
		check(v)
	}
}
