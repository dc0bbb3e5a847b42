package report

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1, "1"}, {-1.5, "-1.5"}, {500, "500"}, {10.0 / 3, "3.33333"}, {123456.789, "123456.79"},
		{0.000123456789, "0.000123457"}, {2.5e-9, "2.5e-9"}, {-1e-5, "-1e-5"}, {1e15, "1e15"}, {999999999999999, "999999999999999"}, {1.23456e300, "1.235e300"},
		{0.1 + 0.2, "0.3"}, {99.9999999, "100"}, {-0.00010000000001, "-0.0001"}, {math.NaN(), "-"}, {math.Inf(1), "inf"}, {math.Inf(-1), "-inf"}, {5e-324, "4.941e-324"},
	} {
		if got := Number(c.v); got != c.want {
			t.Errorf("Number(%g) = %q, want %q", c.v, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0 %"}, {1e-4, "0.01 %"}, {0.00123, "0.123 %"}, {0.5, "50 %"}, {1.2345, "123 %"}, {12345, "1.234e6 %"}, {1e-9, "1e-7 %"}, {math.NaN(), "-"}, {math.Inf(1), "inf %"},
	} {
		if got := Percent(c.v); got != c.want {
			t.Errorf("Percent(%g) = %q, want %q", c.v, got, c.want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0 s"}, {0.0341, "0.034 s"}, {12.34, "12.3 s"}, {99.96, "1 min 40 s"}, {245, "4 min 05 s"}, {3599.9, "1 h 00 min"}, {7980, "2 h 13 min"}, {math.NaN(), "-"},
	} {
		if got := Seconds(c.v); got != c.want {
			t.Errorf("Seconds(%g) = %q, want %q", c.v, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	if got := Count(1, "variable") + ", " + Count(2, "variable") + ", " + Count(2, "entry"); got != "1 variable, 2 variables, 2 entries" {
		t.Error(got)
	}
}
