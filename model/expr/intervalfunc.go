package expr

import "math"

// accuracy is the relative error, in units of the last place, that functions of
// package math are trusted with. They document less than 1 for most; the rest is
// margin.
const accuracy = 4

// widen returns an interval that contains lo to hi computed with a relative error of
// ulps units. Exact zeros stay.
func widen(lo, hi, ulps float64) Interval {
	const unit = 0x1p-52
	grow := func(x, direction float64) float64 {
		if x == 0 || math.IsInf(x, 0) {
			if math.IsInf(x, 0) && math.Signbit(x) != math.Signbit(direction) {
				return math.Copysign(math.MaxFloat64, x) // an overflow, not a limit
			}
			return x
		}
		return math.Nextafter(x+direction*math.Abs(x)*unit*ulps, math.Inf(int(direction)))
	}
	return checked(grow(lo, -1), grow(hi, 1))
}

// increasing returns the image of a under an increasing function with the given
// domain and range.
func increasing(f func(float64) float64, a, domain, image Interval) Interval {
	if a = a.Intersect(domain); a.IsEmpty() {
		return Empty
	}
	return widen(f(a.Lo), f(a.Hi), accuracy).Intersect(image)
}

// intervalUnary returns the image of a under op, without points outside the domain.
func intervalUnary(op Op, a Interval) Interval {
	if a.IsEmpty() {
		return Empty
	}
	inf := math.Inf(1)
	nonneg, unit := Interval{0, inf}, Interval{-1, 1}
	switch op {
	case OpAbs:
		return a.Abs()
	case OpSqrt:
		if a = a.Intersect(nonneg); a.IsEmpty() {
			return Empty
		}
		return Interval{sqrtDown(a.Lo), sqrtUp(a.Hi)}
	case OpExp:
		y := increasing(math.Exp, a, Everything, nonneg)
		if y.Hi == 0 { // an underflow
			y.Hi = up(0)
		}
		return y
	case OpLog:
		return increasing(math.Log, a, nonneg, Everything)
	case OpLog10:
		return increasing(math.Log10, a, nonneg, Everything)
	case OpSin:
		return sine(a, -math.Pi/2, math.Sin)
	case OpCos:
		return sine(a, -math.Pi, math.Cos)
	case OpTan:
		return tangent(a)
	case OpAsin:
		return increasing(math.Asin, a, unit, Everything)
	case OpAcos:
		return increasing(func(x float64) float64 { return math.Acos(-x) }, a.Neg(), unit, nonneg)
	case OpAtan:
		return increasing(math.Atan, a, Everything, Interval{-up(math.Pi / 2), up(math.Pi / 2)})
	case OpSinh:
		return increasing(math.Sinh, a, Everything, Everything)
	case OpCosh:
		return increasing(math.Cosh, a.Abs(), Everything, Interval{1, inf})
	case OpTanh:
		return increasing(math.Tanh, a, Everything, unit)
	case OpAsinh:
		return increasing(math.Asinh, a, Everything, Everything)
	case OpAcosh:
		return increasing(math.Acosh, a, Interval{1, inf}, nonneg)
	case OpAtanh:
		return increasing(math.Atanh, a, unit, Everything)
	case OpFloor, OpCeil, OpRound, OpTrunc:
		return checked(unary(op, a.Lo), unary(op, a.Hi))
	case OpNot:
		return not(truths(a))
	}
	return Everything
}

// sqrtDown and sqrtUp use that math.Sqrt is correctly rounded, and exact squares stay.
func sqrtDown(x float64) float64 {
	y := math.Sqrt(x)
	if x == 0 || math.IsInf(x, 1) || x > smallest && math.FMA(y, y, -x) <= 0 {
		return y
	}
	return down(y)
}

func sqrtUp(x float64) float64 {
	y := math.Sqrt(x)
	if x == 0 || math.IsInf(x, 1) || x > smallest && math.FMA(y, y, -x) >= 0 {
		return y
	}
	return up(y)
}

// sine returns the image under a function with period 2 pi that rises for half a
// period from bottom.
func sine(a Interval, bottom float64, f func(float64) float64) Interval {
	const large = 1 << 20 // beyond, reducing by multiples of pi loses digits
	if !(a.Hi-a.Lo < 2*math.Pi) || math.Abs(a.Lo) > large || math.Abs(a.Hi) > large {
		return Interval{-1, 1}
	}
	y := reduced(f, a.Lo).Hull(reduced(f, a.Hi))
	if holdsMultiple(a, bottom, 2*math.Pi) {
		y.Lo = -1
	}
	if holdsMultiple(a, bottom+math.Pi, 2*math.Pi) {
		y.Hi = 1
	}
	return y.Intersect(Interval{-1, 1})
}

// reduced returns an interval that contains f(x) for a trigonometric f. Outside the
// first eighth of the period, x is reduced by a rounded multiple of pi, which costs an
// absolute error on top of the relative one.
func reduced(f func(float64) float64, x float64) Interval {
	y := widen(f(x), f(x), accuracy)
	if math.Abs(x) > 0.78 {
		y.Lo -= 0x1p-60
		y.Hi += 0x1p-60
	}
	return y
}

// holdsMultiple reports whether start + k*period may lie in a for an integer k.
func holdsMultiple(a Interval, start, period float64) bool {
	const slack = 1e-9
	return math.Floor((a.Hi-start)/period+slack) >= math.Ceil((a.Lo-start)/period-slack)
}

func tangent(a Interval) Interval {
	const large = 1 << 20
	if !(a.Hi-a.Lo < math.Pi) || math.Abs(a.Lo) > large || math.Abs(a.Hi) > large ||
		holdsMultiple(a, math.Pi/2, math.Pi) {
		return Everything
	}
	return reduced(math.Tan, a.Lo).Hull(reduced(math.Tan, a.Hi))
}

// intervalBinary returns the set of "x op y".
func intervalBinary(op Op, a, b Interval) Interval {
	if a.IsEmpty() || b.IsEmpty() {
		return Empty
	}
	switch op {
	case OpMul:
		return a.Mul(b)
	case OpDiv:
		return a.Div(b)
	case OpPow:
		return intervalPow(a, b)
	case OpMin:
		return a.Min(b)
	case OpMax:
		return a.Max(b)
	case OpLess:
		return a.Sub(b).Max(Interval{})
	case OpAtan2:
		return angle(a, b)
	case OpMod:
		return remainder(a, b)
	case OpIntDiv:
		q := a.Div(b)
		return checked(math.Trunc(q.Lo), math.Trunc(q.Hi))
	case OpRound, OpTrunc, OpPrecision:
		if b.Lo == b.Hi { // increasing in x
			return checked(binary(op, a.Lo, b.Lo), binary(op, a.Hi, b.Lo))
		}
		if op == OpPrecision { // at most one leading digit is added
			m := max(math.Abs(a.Lo), math.Abs(a.Hi))
			return Interval{-m, m}.Scale(10)
		}
		return Everything
	}
	return intervalLogical(op, a, b)
}

// intervalLogical returns the truth values that "x op y" takes.
func intervalLogical(op Op, a, b Interval) Interval {
	yes, no, unknown := Interval{1, 1}, Interval{}, Interval{0, 1}
	decide := func(always, never bool) Interval {
		switch {
		case always:
			return yes
		case never:
			return no
		}
		return unknown
	}
	equal := decide(a.Lo == a.Hi && b.Lo == b.Hi && a.Lo == b.Lo, a.Hi < b.Lo || b.Hi < a.Lo)
	switch op {
	case OpLT:
		return decide(a.Hi < b.Lo, a.Lo >= b.Hi)
	case OpLE:
		return decide(a.Hi <= b.Lo, a.Lo > b.Hi)
	case OpGT:
		return decide(a.Lo > b.Hi, a.Hi <= b.Lo)
	case OpGE:
		return decide(a.Lo >= b.Hi, a.Hi < b.Lo)
	case OpEQ:
		return equal
	case OpNE:
		return not(equal)
	case OpAnd:
		return truths(a).Min(truths(b))
	case OpOr:
		return truths(a).Max(truths(b))
	}
	return Everything
}

// truths returns the truth values of the numbers in a.
func truths(a Interval) Interval {
	switch {
	case a.IsEmpty():
		return Empty
	case !a.Contains(0):
		return Interval{1, 1}
	case a.Lo == 0 && a.Hi == 0:
		return Interval{}
	}
	return Interval{0, 1}
}

func not(truth Interval) Interval { return checked(1-truth.Hi, 1-truth.Lo) }

// angle returns the set of atan2(y, x).
func angle(y, x Interval) Interval {
	// On the cut x <= 0, y = 0, and around the origin, the angle jumps.
	if x.Lo <= 0 && y.Contains(0) {
		return Interval{-up(math.Pi), up(math.Pi)}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range [4][2]float64{{y.Lo, x.Lo}, {y.Lo, x.Hi}, {y.Hi, x.Lo}, {y.Hi, x.Hi}} {
		v := math.Atan2(p[0], p[1])
		lo, hi = min(lo, v), max(hi, v)
	}
	return widen(lo, hi, accuracy)
}

// remainder returns the set of x mod y.
func remainder(a, b Interval) Interval {
	bound := max(math.Abs(b.Lo), math.Abs(b.Hi))
	// Nothing happens to what is smaller than every divisor.
	if least := b.Abs().Lo; a.Lo > -least && a.Hi < least {
		return a
	}
	return Interval{max(-bound, min(a.Lo, 0)), min(bound, max(a.Hi, 0))}
}

// intervalPow returns the set of x^y. Where x may be negative, y must be a point and
// an integer; other points have no value.
func intervalPow(a, b Interval) Interval {
	if b.Lo == b.Hi {
		k := b.Lo
		if k == math.Trunc(k) && !math.IsInf(k, 0) {
			return intervalPowInt(a, k)
		}
	}
	inf := math.Inf(1)
	if a.Lo < 0 && b.Lo != b.Hi && math.Floor(b.Hi) >= math.Ceil(b.Lo) {
		return Everything // negative bases have values at the integers in b
	}
	if a = a.Intersect(Interval{0, inf}); a.IsEmpty() {
		return Empty
	}
	y := Interval{inf, -inf}
	for _, x := range [2]float64{a.Lo, a.Hi} {
		for _, e := range [2]float64{b.Lo, b.Hi} {
			v := math.Pow(x, e)
			w := powError(x, e)
			y = y.Hull(widen(v, v, w))
			if math.IsInf(v, 1) {
				y.Hi = inf
			}
		}
	}
	// x^y is monotone in each argument; it changes direction at x = 1 and y = 0.
	if a.Contains(1) || b.Contains(0) {
		y = y.Hull(Interval{1, 1})
	}
	if a.Lo == 0 && b.Lo < 0 {
		y.Hi = inf
	}
	if a.Lo == 0 && b.Hi > 0 {
		y.Lo = 0
	}
	return y.Intersect(Interval{0, inf})
}

// powError bounds the error of math.Pow in units of the last place: it grows with
// the exponent because of repeated multiplication, and with the logarithm of the
// result because of the fractional part.
func powError(x, e float64) float64 {
	l := math.Abs(math.Log(x))
	if math.IsInf(l, 0) || math.IsInf(e, 0) {
		return accuracy
	}
	return 2*accuracy + 2*math.Abs(e) + 2*l
}

func intervalPowInt(a Interval, k float64) Interval {
	switch {
	case k == 0:
		return Interval{1, 1}
	case k == 2:
		a = a.Abs()
		return Interval{mulDown(a.Lo, a.Lo), -mulDown(-a.Hi, a.Hi)}
	case k < 0:
		return Interval{1, 1}.Div(intervalPowInt(a, -k))
	}
	even := math.Mod(k, 2) == 0
	if even {
		a = a.Abs()
	}
	y := widen(power(a.Lo, k), power(a.Hi, k), accuracy+2*k)
	if even {
		return y.Intersect(Interval{0, math.Inf(1)})
	}
	return y
}
