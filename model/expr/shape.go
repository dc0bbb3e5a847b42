package expr

import "math"

// slope tells in which direction a function of one variable goes.
type slope uint8

const (
	neither slope = iota
	rising
	falling
)

// form is the shape of a function of one variable over an interval.
type form struct {
	shape Curvature
	slope slope
}

var shapeless = form{Unknown, neither}

// powerShape returns the form of x^k for x in b.
func powerShape(k float64, b Interval) form {
	integer := k == math.Trunc(k)
	even := integer && math.Mod(k, 2) == 0
	switch {
	case k == 0 || k != k:
		return shapeless
	case k == 1:
		return form{Affine, rising}
	case integer && k > 0:
		switch {
		case b.Lo >= 0:
			return form{Convex, rising}
		case even && b.Hi <= 0:
			return form{Convex, falling}
		case even:
			return form{Convex, neither}
		case b.Hi <= 0:
			return form{Concave, rising}
		}
	case integer: // k < 0, with a pole at 0
		switch {
		case b.Lo >= 0:
			return form{Convex, falling}
		case b.Hi <= 0 && even:
			return form{Convex, rising}
		case b.Hi <= 0:
			return form{Concave, falling}
		}
	case k > 1:
		// Defined for x >= 0 only. Over a convex g that may be negative the domain is
		// not convex, so rising is claimed only where g >= 0 is known.
		if b.Lo >= 0 {
			return form{Convex, rising}
		}
		return form{Convex, neither}
	case k > 0:
		return form{Concave, rising}
	default:
		return form{Convex, falling}
	}
	return shapeless
}

// unaryShape returns the form of op over the interval b.
func unaryShape(op Op, b Interval) form {
	left, right := b.Hi <= 0, b.Lo >= 0
	// sigmoid is convex then concave, its inverse the other way round; both rise.
	sigmoid := func(leftShape, rightShape Curvature) form {
		switch {
		case left:
			return form{leftShape, rising}
		case right:
			return form{rightShape, rising}
		}
		return form{Unknown, rising}
	}
	switch op {
	case OpAbs:
		switch {
		case right:
			return form{Affine, rising}
		case left:
			return form{Affine, falling}
		}
		return form{Convex, neither}
	case OpSqrt, OpLog, OpLog10, OpAcosh:
		return form{Concave, rising}
	case OpExp:
		return form{Convex, rising}
	case OpCosh:
		switch {
		case right:
			return form{Convex, rising}
		case left:
			return form{Convex, falling}
		}
		return form{Convex, neither}
	case OpSinh, OpAsin, OpAtanh:
		return sigmoid(Concave, Convex)
	case OpAtan, OpTanh, OpAsinh:
		return sigmoid(Convex, Concave)
	case OpAcos:
		f := sigmoid(Convex, Concave)
		f.slope = falling
		return f
	case OpSin:
		return waveShape(b.Lo, b.Hi)
	case OpCos:
		return waveShape(b.Lo+math.Pi/2, b.Hi+math.Pi/2)
	case OpTan:
		switch {
		case right && b.Hi < math.Pi/2:
			return form{Convex, rising}
		case left && b.Lo > -math.Pi/2:
			return form{Concave, rising}
		}
	}
	return shapeless
}

// waveShape returns the form of sin between lo and hi.
func waveShape(lo, hi float64) form {
	const slack = 1e-12 // of the rounding of multiples of pi
	if !(hi-lo <= math.Pi+slack) || math.Abs(lo) > 1e3 {
		return shapeless
	}
	k := math.Floor((lo + slack) / math.Pi)
	if lo < k*math.Pi-slack || hi > (k+1)*math.Pi+slack {
		return shapeless
	}
	if math.Mod(k, 2) == 0 {
		return form{Concave, neither}
	}
	return form{Convex, neither}
}
