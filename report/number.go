package report

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Number writes v with six significant digits, and with two decimals at least where it has any and is below 1e15; no trailing zeros.
// Very large and very small numbers get an exponent. NaN is "-", what does not exist.
//
//	3.33333   123456.79   0.000123457   2.5e-9   -inf   -
func Number(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "-"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case v == 0:
		return "0"
	case a >= 1e15 || a < 1e-4:
		return exponent(v)
	}
	decimals := 6 - (int(math.Floor(math.Log10(a))) + 1)
	return trimZeros(strconv.FormatFloat(v, 'f', max(decimals, 2), 64))
}

// exponent writes v with up to four digits and an exponent without leading zeros.
func exponent(v float64) string {
	mantissa, exp, _ := strings.Cut(strconv.FormatFloat(v, 'e', 3, 64), "e")
	sign := ""
	if exp[0] == '-' {
		sign = "-"
	}
	return trimZeros(mantissa) + "e" + sign + strings.TrimLeft(exp[1:], "0")
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// Percent writes a ratio as a percentage of three significant digits: 0.00123 is "0.123 %".
func Percent(ratio float64) string {
	p := 100 * ratio
	a := math.Abs(p)
	switch {
	case math.IsNaN(p) || math.IsInf(p, 0) || p == 0:
		return strings.TrimSpace(Number(p) + unit(p, " %"))
	case a >= 1e6 || a < 1e-4:
		return exponent(p) + " %"
	}
	decimals := 3 - (int(math.Floor(math.Log10(a))) + 1)
	return trimZeros(strconv.FormatFloat(p, 'f', max(decimals, 0), 64)) + " %"
}

// unit is the unit of a number that exists.
func unit(v float64, u string) string {
	if math.IsNaN(v) {
		return ""
	}
	return u
}

// Seconds writes a time: "0.034 s", "12.3 s", "4 min 05 s", "2 h 13 min".
func Seconds(s float64) string {
	switch {
	case math.IsNaN(s):
		return "-"
	case s < 1:
		return trimZeros(strconv.FormatFloat(s, 'f', 3, 64)) + " s"
	case s < 99.95:
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	}
	d := time.Duration(s * float64(time.Second)).Round(time.Second)
	h, m, sec := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	if h > 0 {
		return strconv.Itoa(h) + " h " + twoDigits(m) + " min"
	}
	return strconv.Itoa(m) + " min " + twoDigits(sec) + " s"
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Count writes a number of things: "1 variable", "12 variables".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "y") {
		return strconv.Itoa(n) + " " + strings.TrimSuffix(thing, "y") + "ies"
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
