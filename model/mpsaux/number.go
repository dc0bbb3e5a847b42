package mpsaux

import (
	"bytes"
	"math"
	"strconv"
)

// powers are the powers of ten that are float64 exactly.
var powers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber reads a decimal number: 12, -0.5, .5, 2., 1e-3, and 1.5D+3 as Fortran writes it; also inf and infinity with a sign. It rounds
// correctly: where digits and power of ten are exact in float64, one multiplication or division does it (Clinger, How to read floating
// point numbers accurately, 1990), and strconv otherwise. What is too large is infinite. ok is false for what is no number, NaN included.
func parseNumber(b []byte) (v float64, ok bool) {
	i, negative := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative = b[0] == '-'
		i = 1
	}
	var mantissa uint64
	digits, exponent := 0, 0 // digits counts those in mantissa, without leading zeros; 19 of them fit
	seen, fortran := false, false
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		seen = true
		if digits < 19 {
			mantissa = 10*mantissa + uint64(b[i]-'0')
			if mantissa != 0 {
				digits++
			}
		} else {
			digits++
		}
	}
	if i < len(b) && b[i] == '.' {
		for i++; i < len(b) && b[i]-'0' <= 9; i++ {
			seen = true
			if digits < 19 {
				mantissa = 10*mantissa + uint64(b[i]-'0')
				exponent--
				if mantissa != 0 {
					digits++
				}
			} else {
				digits++
			}
		}
	}
	if !seen {
		return infinity(b[i:], negative)
	}
	if i < len(b) && (b[i]|0x20 == 'e' || b[i]|0x20 == 'd') {
		fortran = b[i]|0x20 == 'd'
		i++
		sign := 1
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			if b[i] == '-' {
				sign = -1
			}
			i++
		}
		if i == len(b) {
			return 0, false
		}
		e := 0
		for ; i < len(b) && b[i]-'0' <= 9; i++ {
			if e < 1<<20 {
				e = 10*e + int(b[i]-'0')
			}
		}
		exponent += sign * e
	}
	if i != len(b) {
		return 0, false
	}
	if digits > 19 || mantissa >= 1<<53 || exponent < -22 || exponent > 22 {
		if fortran {
			b = bytes.ToLower(b)
			b[bytes.IndexByte(b, 'd')] = 'e'
		}
		v, err := strconv.ParseFloat(string(b), 64)
		return v, err == nil || math.IsInf(v, 0)
	}
	v = float64(mantissa)
	if exponent < 0 {
		v /= powers[-exponent]
	} else {
		v *= powers[exponent]
	}
	if negative {
		v = -v
	}
	return v, true
}

// infinity reads inf and infinity in any case.
func infinity(b []byte, negative bool) (float64, bool) {
	if len(b) == 3 && bytes.EqualFold(b, []byte("inf")) || len(b) == 8 && bytes.EqualFold(b, []byte("infinity")) {
		if negative {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	return 0, false
}

// large is the size from which on a bound or a side of a constraint is infinite.
const large = 1e30

// orInfinite makes an infinity of a number that stands for one.
func orInfinite(v float64) float64 {
	if v >= large {
		return math.Inf(1)
	}
	if v <= -large {
		return math.Inf(-1)
	}
	return v
}
