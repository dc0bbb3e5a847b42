package expr

import "math"

// Interval is the closed set of reals between Lo and Hi; infinite ends are open. It
// is empty if Lo > Hi. Every operation rounds outward: the result contains the
// exact result of each choice of points, and what floating point makes of it. Points
// outside the domain of an operation, poles among them, have no result and are left out.
type Interval struct{ Lo, Hi float64 }

// Everything is the whole real line, Empty holds nothing.
var (
	Everything = Interval{math.Inf(-1), math.Inf(1)}
	Empty      = Interval{math.Inf(1), math.Inf(-1)}
)

// Point returns the interval that holds v alone, everything if v is NaN.
func Point(v float64) Interval {
	switch {
	case v != v:
		return Everything
	case math.IsInf(v, 1): // beyond the largest number
		return Interval{math.MaxFloat64, v}
	case math.IsInf(v, -1):
		return Interval{v, -math.MaxFloat64}
	}
	return Interval{v, v}
}

// IsEmpty reports whether a holds no point.
func (a Interval) IsEmpty() bool { return !(a.Lo <= a.Hi) }

// Contains reports whether v is in a.
func (a Interval) Contains(v float64) bool { return a.Lo <= v && v <= a.Hi }

// Width returns Hi - Lo, 0 for an empty interval.
func (a Interval) Width() float64 {
	if a.IsEmpty() {
		return 0
	}
	return a.Hi - a.Lo
}

// Intersect returns the points in both a and b.
func (a Interval) Intersect(b Interval) Interval {
	return checked(max(a.Lo, b.Lo), min(a.Hi, b.Hi))
}

// Hull returns the least interval that contains a and b.
func (a Interval) Hull(b Interval) Interval {
	switch {
	case a.IsEmpty():
		return b
	case b.IsEmpty():
		return a
	}
	return Interval{min(a.Lo, b.Lo), max(a.Hi, b.Hi)}
}

// Add returns a + b.
func (a Interval) Add(b Interval) Interval {
	if a.IsEmpty() || b.IsEmpty() {
		return Empty
	}
	return Interval{addDown(a.Lo, b.Lo), -addDown(-a.Hi, -b.Hi)}
}

// Neg returns -a.
func (a Interval) Neg() Interval { return Interval{-a.Hi, -a.Lo} }

// Sub returns a - b.
func (a Interval) Sub(b Interval) Interval { return a.Add(b.Neg()) }

// Scale returns c*a.
func (a Interval) Scale(c float64) Interval {
	switch {
	case !(math.Abs(c) <= math.MaxFloat64):
		return a.Mul(Point(c))
	case a.Lo > a.Hi:
		return Empty
	case c >= 0:
		return Interval{mulDown(c, a.Lo), -mulDown(-c, a.Hi)}
	}
	return Interval{mulDown(c, a.Hi), -mulDown(-c, a.Lo)}
}

// Mul returns a*b.
func (a Interval) Mul(b Interval) Interval {
	if a.IsEmpty() || b.IsEmpty() {
		return Empty
	}
	// The signs of the ends say which products are the least and the greatest.
	switch {
	case a.Lo >= 0:
		switch {
		case b.Lo >= 0:
			return Interval{mulDown(a.Lo, b.Lo), -mulDown(-a.Hi, b.Hi)}
		case b.Hi <= 0:
			return Interval{mulDown(a.Hi, b.Lo), -mulDown(-a.Lo, b.Hi)}
		}
		return Interval{mulDown(a.Hi, b.Lo), -mulDown(-a.Hi, b.Hi)}
	case a.Hi <= 0:
		switch {
		case b.Lo >= 0:
			return Interval{mulDown(a.Lo, b.Hi), -mulDown(-a.Hi, b.Lo)}
		case b.Hi <= 0:
			return Interval{mulDown(a.Hi, b.Hi), -mulDown(-a.Lo, b.Lo)}
		}
		return Interval{mulDown(a.Lo, b.Hi), -mulDown(-a.Lo, b.Lo)}
	case b.Lo >= 0:
		return Interval{mulDown(a.Lo, b.Hi), -mulDown(-a.Hi, b.Hi)}
	case b.Hi <= 0:
		return Interval{mulDown(a.Hi, b.Lo), -mulDown(-a.Lo, b.Lo)}
	}
	return Interval{min(mulDown(a.Lo, b.Hi), mulDown(a.Hi, b.Lo)), -min(mulDown(-a.Lo, b.Lo), mulDown(-a.Hi, b.Hi))}
}

// Div returns a/b without the points where b is 0: empty if b is 0 alone, everything
// if 0 lies inside b and a is not 0 alone.
func (a Interval) Div(b Interval) Interval {
	switch {
	case a.IsEmpty() || b.IsEmpty() || b.Lo == 0 && b.Hi == 0:
		return Empty
	case a.Lo == 0 && a.Hi == 0:
		return Interval{}
	case b.Hi <= 0:
		return a.Neg().Div(b.Neg())
	case b.Lo < 0:
		return Everything
	}
	// 0 <= b.Lo: a quotient by 0 stands for the limit from above.
	lo := min(divDown(a.Lo, b.Lo), divDown(a.Lo, b.Hi))
	hi := -min(divDown(-a.Hi, b.Lo), divDown(-a.Hi, b.Hi))
	return Interval{lo, hi}
}

// Abs returns |a|.
func (a Interval) Abs() Interval {
	switch {
	case a.Lo >= 0:
		return a
	case a.Hi <= 0:
		return a.Neg()
	}
	return Interval{0, max(-a.Lo, a.Hi)}
}

// Min returns the set of min(x, y), Max that of max(x, y).
func (a Interval) Min(b Interval) Interval {
	if a.IsEmpty() || b.IsEmpty() {
		return Empty
	}
	return Interval{min(a.Lo, b.Lo), min(a.Hi, b.Hi)}
}

// Max returns the set of max(x, y).
func (a Interval) Max(b Interval) Interval { return a.Neg().Min(b.Neg()).Neg() }

// checked makes an interval of two ends, empty unless they are in order.
func checked(lo, hi float64) Interval {
	if lo <= hi {
		return Interval{lo, hi}
	}
	return Empty
}

func down(x float64) float64 {
	switch {
	case x > 0 && x <= math.MaxFloat64:
		return math.Float64frombits(math.Float64bits(x) - 1)
	case x < 0 && x >= -math.MaxFloat64:
		return math.Float64frombits(math.Float64bits(x) + 1)
	}
	return math.Nextafter(x, math.Inf(-1))
}
func up(x float64) float64 { return math.Nextafter(x, math.Inf(1)) }

// addDown returns a lower bound of x + y, exact where the sum is.
func addDown(x, y float64) float64 {
	s := x + y
	if !(math.Abs(s) <= math.MaxFloat64) {
		switch {
		case s != s: // opposite infinities
			return math.Inf(-1)
		case s > 0 && !math.IsInf(x, 1) && !math.IsInf(y, 1):
			return math.MaxFloat64
		}
		return s
	}
	// The rounding error of a sum is itself a number (Knuth's two-sum).
	t := s - x
	if e := (x - (s - t)) + (y - t); e >= 0 {
		return s
	}
	return down(s)
}

// mulDown returns a lower bound of x*y with 0*Inf = 0, exact where the product is.
func mulDown(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	p := x * y
	switch size := math.Abs(p); {
	case size > math.MaxFloat64:
		if p > 0 && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			return math.MaxFloat64
		}
		return p
	case size < smallest: // the error may have underflowed
		return down(p)
	case math.FMA(x, y, -p) >= 0:
		return p
	}
	return down(p)
}

// smallest is where the error of a product starts to be representable.
const smallest = 0x1p-960

// divDown returns a lower bound of x/y for y >= 0, the limit from above for y = 0.
func divDown(x, y float64) float64 {
	switch {
	case x == 0:
		return 0
	case y == 0 || math.IsInf(x, 0):
		if math.IsInf(y, 1) { // Inf/Inf may be anything of that sign
			return min(0, x)
		}
		return math.Copysign(math.Inf(1), x)
	case math.IsInf(y, 1):
		if x < 0 {
			return down(0)
		}
		return 0
	}
	q := x / y
	switch {
	case math.IsInf(q, 1):
		return math.MaxFloat64
	case math.IsInf(q, -1):
		return q
	case math.Abs(q) < smallest || math.Abs(x) < smallest:
		return down(q)
	case math.FMA(q, y, -x) <= 0:
		return q
	}
	return down(q)
}
