package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// line is p u + q.
type line struct{ p, q float64 }

// noLine bounds nothing; its sign is that of the side.
func noLine(sign float64) line { return line{0, math.Inf(int(sign))} }

// curve is a function of one variable on an interval, with its derivatives.
type curve struct {
	value, slope, bend func(u expr.Interval) expr.Interval
}

// curveOf returns the curve of an operation of one argument, or of the power with exponent p; ok is false where there is none.
func curveOf(op expr.Op, p float64) (c curve, ok bool) {
	one := expr.Point(1)
	value := func(u expr.Interval) expr.Interval { return u.Unary(op) }
	switch op {
	case expr.OpPow:
		e := expr.Point(p)
		return curve{
			func(u expr.Interval) expr.Interval { return u.Power(e) },
			func(u expr.Interval) expr.Interval { return u.Power(expr.Point(p - 1)).Scale(p) },
			func(u expr.Interval) expr.Interval { return u.Power(expr.Point(p - 2)).Mul(e.Mul(expr.Point(p - 1))) },
		}, math.Abs(p) < 1e6 && p-2 != p && float64(float32(p)) == p // so that p-1 and p-2 are exact
	case expr.OpSqrt:
		slope := func(u expr.Interval) expr.Interval { return expr.Point(0.5).Div(u.Sqrt()) }
		return curve{value, slope, func(u expr.Interval) expr.Interval { return expr.Point(-0.25).Div(u.Mul(u.Sqrt())) }}, true
	case expr.OpExp:
		return curve{value, value, value}, true
	case expr.OpLog:
		slope := func(u expr.Interval) expr.Interval { return one.Div(u) }
		return curve{value, slope, func(u expr.Interval) expr.Interval { return expr.Point(-1).Div(u.Square()) }}, true
	case expr.OpLog10:
		ten := expr.Point(10).Log()
		slope := func(u expr.Interval) expr.Interval { return one.Div(u.Mul(ten)) }
		return curve{value, slope, func(u expr.Interval) expr.Interval { return expr.Point(-1).Div(u.Square().Mul(ten)) }}, true
	case expr.OpSin:
		return curve{value, func(u expr.Interval) expr.Interval { return u.Unary(expr.OpCos) }, func(u expr.Interval) expr.Interval { return u.Unary(expr.OpSin).Neg() }}, true
	case expr.OpCos:
		return curve{value, func(u expr.Interval) expr.Interval { return u.Unary(expr.OpSin).Neg() }, func(u expr.Interval) expr.Interval { return u.Unary(expr.OpCos).Neg() }}, true
	case expr.OpSinh:
		cosh := func(u expr.Interval) expr.Interval { return u.Unary(expr.OpCosh) }
		return curve{value, cosh, value}, true
	case expr.OpCosh:
		sinh := func(u expr.Interval) expr.Interval { return u.Unary(expr.OpSinh) }
		return curve{value, sinh, value}, true
	case expr.OpTanh:
		slope := func(u expr.Interval) expr.Interval { return one.Div(u.Unary(expr.OpCosh).Square()) }
		return curve{value, slope, func(u expr.Interval) expr.Interval { return u.Unary(expr.OpTanh).Scale(-2).Mul(slope(u)) }}, true
	case expr.OpAtan:
		slope := func(u expr.Interval) expr.Interval { return one.Div(one.Add(u.Square())) }
		return curve{value, slope, func(u expr.Interval) expr.Interval { return u.Scale(-2).Mul(slope(u).Square()) }}, true
	case expr.OpAsinh:
		root := func(u expr.Interval) expr.Interval { return one.Add(u.Square()).Sqrt() }
		slope := func(u expr.Interval) expr.Interval { return one.Div(root(u)) }
		return curve{value, slope, func(u expr.Interval) expr.Interval { return u.Neg().Div(root(u).Mul(root(u).Square())) }}, true
	}
	return curve{}, false
}

// lines returns two lines, one below and one above the curve on u. share places the point where a tangent touches.
func (c curve) lines(u expr.Interval, share float64) (below, above line) {
	below, above = noLine(-1), noLine(1)
	if math.IsInf(u.Lo, 0) || math.IsInf(u.Hi, 0) || u.IsEmpty() {
		return below, above
	}
	if bend := c.bend(u); !bend.IsEmpty() && bend.Lo >= 0 {
		return c.tangent(u, share, 1), c.secant(u, 1)
	} else if !bend.IsEmpty() && bend.Hi <= 0 {
		return c.secant(u, -1), c.tangent(u, share, -1)
	}
	// From the lower end the curve rises no slower than by its least, and no faster than by its greatest slope.
	slope, start := c.slope(u), c.value(expr.Point(u.Lo))
	if slope.IsEmpty() || start.IsEmpty() {
		return below, above
	}
	if !math.IsInf(slope.Lo, 0) {
		below = line{slope.Lo, start.Sub(expr.Point(slope.Lo).Mul(expr.Point(u.Lo))).Lo}
	}
	if !math.IsInf(slope.Hi, 0) {
		above = line{slope.Hi, start.Sub(expr.Point(slope.Hi).Mul(expr.Point(u.Lo))).Hi}
	}
	return below, above
}

// tangent is a line below the convex curve (sign 1) or above the concave one (-1). What its slope is off by is charged over the interval.
func (c curve) tangent(u expr.Interval, share, sign float64) line {
	m := u.Lo + share*(u.Hi-u.Lo)
	m = math.Min(math.Max(m, u.Lo), u.Hi)
	v, d := c.value(expr.Point(m)), c.slope(expr.Point(m))
	p := d.Lo/2 + d.Hi/2
	if v.IsEmpty() || d.IsEmpty() || math.IsInf(p, 0) || math.IsNaN(p) {
		return noLine(-sign)
	}
	off := d.Sub(expr.Point(p)).Mul(u.Sub(expr.Point(m))).Magnitude()
	q := v.Sub(expr.Point(p).Mul(expr.Point(m)))
	if sign > 0 {
		return line{p, q.Sub(expr.Point(off)).Lo}
	}
	return line{p, q.Add(expr.Point(off)).Hi}
}

// secant is a line above the convex curve (sign 1) or below the concave one (-1): it is so at both ends.
func (c curve) secant(u expr.Interval, sign float64) line {
	a, b := c.value(expr.Point(u.Lo)), c.value(expr.Point(u.Hi))
	if a.IsEmpty() || b.IsEmpty() {
		return noLine(sign)
	}
	p := 0.0
	if w := u.Hi - u.Lo; w > 0 {
		p = (b.Lo - a.Lo) / w
	}
	if math.IsNaN(p) || math.IsInf(p, 0) {
		return noLine(sign)
	}
	x := a.Sub(expr.Point(p).Mul(expr.Point(u.Lo)))
	y := b.Sub(expr.Point(p).Mul(expr.Point(u.Hi)))
	if sign > 0 {
		return line{p, math.Max(x.Hi, y.Hi)}
	}
	return line{p, math.Min(x.Lo, y.Lo)}
}
