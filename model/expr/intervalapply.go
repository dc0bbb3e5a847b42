package expr

import "math"

// Unary returns the image of a under op without the points that have none. It panics unless op.IsUnary().
func (a Interval) Unary(op Op) Interval {
	if !op.IsUnary() {
		panic("expr: " + op.String() + " does not take one argument")
	}
	return intervalUnary(op, a)
}

// Power returns the set of x^y for x in a and y in b, without the points that have no value: those with x < 0 and y not an integer.
func (a Interval) Power(b Interval) Interval { return intervalBinary(OpPow, a, b) }

// Square returns the set of x^2.
func (a Interval) Square() Interval { return intervalBinary(OpPow, a, Interval{2, 2}) }

// Exp returns the set of exp(x), Log that of log(x) for the positive x, Sqrt that of the roots of the non-negative ones.
func (a Interval) Exp() Interval { return intervalUnary(OpExp, a) }

// Log returns the set of log(x).
func (a Interval) Log() Interval { return intervalUnary(OpLog, a) }

// Sqrt returns the set of the square roots.
func (a Interval) Sqrt() Interval { return intervalUnary(OpSqrt, a) }

// Magnitude returns the greatest |x|, 0 for an empty interval.
func (a Interval) Magnitude() float64 {
	if a.IsEmpty() {
		return 0
	}
	return max(-a.Lo, a.Hi)
}

// Middle returns a finite point of a near its centre; one at a distance of at least one and ten times its size from the finite end where the other is
// infinite, and 0 where both are. It is NaN for an empty interval.
func (a Interval) Middle() float64 {
	const far = 9
	switch {
	case a.IsEmpty():
		return math.NaN()
	case math.IsInf(a.Lo, -1) && math.IsInf(a.Hi, 1):
		return 0
	case math.IsInf(a.Lo, -1):
		return min(-1, a.Hi-1-far*math.Abs(a.Hi))
	case math.IsInf(a.Hi, 1):
		return max(1, a.Lo+1+far*math.Abs(a.Lo))
	}
	return a.Lo/2 + a.Hi/2
}
