package mstationary

import "math"

// PhiM is φ_M of a pair with values g and h of its members and multipliers nuG and nuH: zero exactly where the pair satisfies what
// M-stationarity asks of it.
func PhiM(g, h, nuG, nuH float64) float64 {
	d1, d2, d3 := terms(g, h, -nuG, -nuH)
	return min(d1, d2, d3)
}

// terms are the three distances whose minimum is φ_M, in the signs in which strong stationarity is c, d <= 0.
func terms(a, b, c, d float64) (d1, d2, d3 float64) {
	return max(-a, math.Abs(b), math.Abs(c)), max(-b, math.Abs(a), math.Abs(d)), max(math.Abs(a), math.Abs(b), c, d)
}

// choice says which members of a pair are held at zero; the multiplier of the other one is zero.
type choice uint8

const (
	holdH    choice = iota // H = 0, ν_G = 0
	holdG                  // G = 0, ν_H = 0
	holdBoth               // G = 0, H = 0
)

// choose is the term that attains the minimum. In a tie the first one is taken: to hold one member leaves more freedom than both.
func choose(g, h, nuG, nuH float64) choice {
	d1, d2, d3 := terms(g, h, -nuG, -nuH)
	switch {
	case d1 <= d2 && d1 <= d3:
		return holdH
	case d2 <= d3:
		return holdG
	}
	return holdBoth
}

// Class is the strongest kind of stationarity that the multipliers of a result show. It is a hint: other multipliers may exist at the
// same point, and verify/stationarity looks for them.
type Class uint8

// The classes, from the weakest to the strongest.
const (
	ClassNone Class = iota // not stationary in any sense, or not feasible
	ClassW                 // ν_G = 0 where G > 0, ν_H = 0 where H > 0
	ClassC                 // and ν_G ν_H >= 0 in biactive pairs
	ClassM                 // and both positive or one of them zero
	ClassS                 // and both not negative
)

// String is the class as in "M-stationary", "none" without one.
func (c Class) String() string {
	return [...]string{"none", "W-stationary", "C-stationary", "M-stationary", "S-stationary"}[min(c, ClassS)]
}

// classify is the class of one biactive pair with multipliers known to tol.
func classify(nuG, nuH, tol float64) Class {
	zeroG, zeroH := math.Abs(nuG) <= tol, math.Abs(nuH) <= tol
	switch {
	case nuG >= -tol && nuH >= -tol:
		return ClassS
	case zeroG || zeroH:
		return ClassM
	case nuG < 0 && nuH < 0:
		return ClassC
	}
	return ClassW
}
