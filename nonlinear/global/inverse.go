package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// epsilon is the distance from 1 to the next number.
const epsilon = 0x1p-52

// down carries the interval of node k to its arguments.
func (p *Propagator) down(k int) bool {
	y, args := p.vals[k], p.args[k]
	switch op := p.ops[k]; op {
	case expr.OpConst, expr.OpVar:
	case expr.OpSum:
		return p.downSum(y, p.d.Value(p.nodes[k]), p.d.Coefs(p.nodes[k]), args)
	case expr.OpMul:
		return p.downProduct(y, args)
	case expr.OpDiv:
		a, b := p.vals[args[0]], p.vals[args[1]]
		return p.cut(args[0], y.Mul(b)) && p.cut(args[1], quotient(a, y))
	case expr.OpPow:
		a, b := p.vals[args[0]], p.vals[args[1]]
		switch {
		case b.Lo == b.Hi:
			return p.cut(args[0], root(y, a, b.Lo))
		case a.Lo == a.Hi && a.Lo > 0 && a.Lo != 1: // a^x = y: x = log y / log a
			if y.Hi <= 0 {
				return false
			}
			return p.cut(args[1], y.Log().Div(a.Log()))
		}
	case expr.OpMin:
		return p.downMin(y, args, 1)
	case expr.OpMax:
		return p.downMin(y.Neg(), args, -1)
	case expr.OpLess: // max(a-b, 0)
		a, b := p.vals[args[0]], p.vals[args[1]]
		d := expr.Interval{Lo: math.Inf(-1), Hi: y.Hi}
		if y.Hi < 0 {
			return false
		}
		if y.Lo > 0 {
			d.Lo = y.Lo
		}
		return p.cut(args[0], b.Add(d)) && p.cut(args[1], a.Sub(d))
	case expr.OpIf:
		return p.downIf(y, args)
	default:
		if op.IsUnary() && len(args) == 1 {
			return p.cut(args[0], inverse(op, y, p.vals[args[0]]))
		}
	}
	return true
}

// downIf takes the branch of a condition that is decided. Where a condition that is no comparison is zero it may still be no number elsewhere, which counts
// as true; then nothing follows.
func (p *Propagator) downIf(y expr.Interval, args []int32) bool {
	c := p.vals[args[0]]
	switch {
	case c.IsEmpty():
		return true
	case !c.Contains(0):
		return p.cut(args[1], y)
	case c.Lo == 0 && c.Hi == 0 && p.ops[args[0]].IsLogical():
		return p.cut(args[2], y)
	}
	return true
}

// downSum narrows the arguments of y = constant + Σ coefs args: each term is y less the others.
func (p *Propagator) downSum(y expr.Interval, constant float64, coefs []float64, args []int32) bool {
	n := len(args)
	after := p.scratch[:n+1]
	after[n] = expr.Interval{}
	for i := n - 1; i >= 0; i-- {
		after[i] = after[i+1].Add(p.vals[args[i]].Scale(coefs[i]))
	}
	before := expr.Point(constant)
	for i, a := range args {
		term := p.vals[a].Scale(coefs[i])
		if coefs[i] != 0 && !p.cut(a, y.Sub(before.Add(after[i+1])).Div(expr.Point(coefs[i]))) {
			return false
		}
		before = before.Add(term)
	}
	return true
}

// downProduct narrows the factors of a product: each is y divided by the others.
func (p *Propagator) downProduct(y expr.Interval, args []int32) bool {
	for i, a := range args {
		others := expr.Point(1)
		for j, b := range args {
			if j != i {
				others = others.Mul(p.vals[b])
			}
		}
		if !p.cut(a, quotient(y, others)) {
			return false
		}
	}
	return true
}

// downMin narrows the arguments of y = min sign*args: all are at least y, and if one alone can be as small as y, it is.
func (p *Propagator) downMin(y expr.Interval, args []int32, sign float64) bool {
	atLeast := expr.Interval{Lo: y.Lo, Hi: math.Inf(1)}
	only := int32(-1)
	for _, a := range args {
		if !p.cut(a, atLeast.Scale(sign)) {
			return false
		}
		if p.vals[a].Scale(sign).Lo <= y.Hi {
			if only >= 0 {
				only = math.MaxInt32
			} else {
				only = a
			}
		}
	}
	switch {
	case only < 0:
		return false
	case only != math.MaxInt32:
		return p.cut(only, y.Scale(sign))
	}
	return true
}

// quotient holds every q with q b = a for some members of a and b.
func quotient(a, b expr.Interval) expr.Interval {
	if a.Contains(0) && b.Contains(0) {
		return expr.Everything
	}
	return a.Div(b)
}

// Inverse holds every member of x whose image under an operation of one argument is in y; for OpPow it is the power with the exponent given, which other
// operations do not read.
func Inverse(op expr.Op, exponent float64, y, x expr.Interval) expr.Interval {
	if op == expr.OpPow {
		return root(y, x, exponent).Intersect(x)
	}
	return inverse(op, y, x).Intersect(x)
}

// inverse holds every member of x whose image under op is in y.
func inverse(op expr.Op, y, x expr.Interval) expr.Interval {
	switch op {
	case expr.OpAbs:
		return mirrored(y, x)
	case expr.OpSqrt:
		if y.Hi < 0 {
			return expr.Empty
		}
		return expr.Interval{Lo: math.Max(0, y.Lo), Hi: y.Hi}.Square()
	case expr.OpExp:
		return y.Log()
	case expr.OpLog:
		return y.Exp()
	case expr.OpLog10:
		return expr.Point(10).Power(y)
	case expr.OpSinh:
		return y.Unary(expr.OpAsinh)
	case expr.OpAsinh:
		return y.Unary(expr.OpSinh)
	case expr.OpTanh:
		return y.Unary(expr.OpAtanh)
	case expr.OpAtanh:
		return y.Unary(expr.OpTanh)
	case expr.OpCosh:
		return mirrored(y.Unary(expr.OpAcosh), x)
	case expr.OpAcosh:
		if y.Hi < 0 {
			return expr.Empty
		}
		return expr.Interval{Lo: math.Max(0, y.Lo), Hi: y.Hi}.Unary(expr.OpCosh)
	case expr.OpAtan:
		const quarter = math.Pi / 2
		lo, hi := math.Inf(-1), math.Inf(1)
		if y.Lo > -quarter+1e-9 {
			lo = expr.Point(math.Min(y.Lo, quarter-1e-9)).Unary(expr.OpTan).Lo
		}
		if y.Hi < quarter-1e-9 {
			hi = expr.Point(math.Max(y.Hi, -quarter+1e-9)).Unary(expr.OpTan).Hi
		}
		return expr.Interval{Lo: lo, Hi: hi}
	case expr.OpSin:
		return angles(y, x, 0)
	case expr.OpCos: // cos x = sin(x + pi/2)
		return angles(y, x, math.Pi/2)
	}
	return x
}

// angles narrows x by sin(x + shift) in y, where x + shift lies on one monotone piece or the part of y that is not taken can be cut off its ends.
func angles(y, x expr.Interval, shift float64) expr.Interval {
	const slack = 1e-9 // far above the rounding of shifts and multiples of pi, far below what is gained
	y = y.Intersect(expr.Interval{Lo: -1, Hi: 1})
	if y.IsEmpty() {
		return expr.Empty
	}
	if !(x.Magnitude() < 1e5) || x.Width() > 2*math.Pi {
		return x
	}
	// On the piece k pi - pi/2 <= x + shift <= k pi + pi/2 the sine is (-1)^k sin(x + shift - k pi).
	out := expr.Empty
	first := int(math.Floor((x.Lo+shift+math.Pi/2)/math.Pi - slack))
	last := int(math.Floor((x.Hi+shift+math.Pi/2)/math.Pi + slack))
	for k := first; k <= last; k++ {
		z := y
		if k%2 != 0 {
			z = y.Neg()
		}
		a := z.Unary(expr.OpAsin)
		at := float64(k)*math.Pi - shift
		out = out.Hull(x.Intersect(expr.Interval{Lo: a.Lo + at - slack, Hi: a.Hi + at + slack}))
	}
	return out
}

// root holds every member of x with x^p in y.
func root(y, x expr.Interval, p float64) expr.Interval {
	switch {
	case p == 0 || math.IsInf(p, 0) || math.IsNaN(p):
		return x
	case p < 0:
		return root(quotient(expr.Point(1), y), x, -p)
	case p == math.Trunc(p) && math.Mod(p, 2) == 0:
		if y.Hi < 0 {
			return expr.Empty
		}
		return mirrored(loosened(math.Pow(math.Max(0, y.Lo), 1/p), math.Pow(y.Hi, 1/p), p), x)
	case p == math.Trunc(p):
		inverse := func(v float64) float64 { return math.Copysign(math.Pow(math.Abs(v), 1/p), v) }
		return loosened(inverse(y.Lo), inverse(y.Hi), p)
	}
	if y.Hi < 0 { // x >= 0
		return expr.Empty
	}
	return loosened(math.Pow(math.Max(0, y.Lo), 1/p), math.Pow(y.Hi, 1/p), p)
}

// mirrored holds every member of x whose absolute value is in y.
func mirrored(y, x expr.Interval) expr.Interval {
	if y.Hi < 0 {
		return expr.Empty
	}
	y.Lo = math.Max(0, y.Lo)
	return x.Intersect(y).Hull(x.Intersect(y.Neg()))
}

// loosened rounds outward the p-th roots of numbers: a power with the rounded exponent 1/p is off by that rounding times the logarithm of the number.
func loosened(lo, hi, p float64) expr.Interval {
	grow := func(v float64) float64 {
		if v == 0 || math.IsInf(v, 0) {
			return math.SmallestNonzeroFloat64
		}
		return epsilon*(16+2*math.Abs(math.Log(math.Abs(v)))*(1+1/p)*p)*math.Abs(v) + math.SmallestNonzeroFloat64
	}
	if math.IsNaN(lo) {
		lo = math.Inf(-1)
	}
	if math.IsNaN(hi) {
		hi = math.Inf(1)
	}
	return expr.Interval{Lo: lo - grow(lo), Hi: hi + grow(hi)}
}
