package bilevelglobal

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// curveKey names a function of one argument: an operation, and the exponent of a power.
type curveKey struct {
	op       expr.Op
	exponent float64
}

// univariate is a function φ of one argument with its first two derivatives.
type univariate struct {
	key   curveKey
	tape  *expr.Tape // φ, φ', φ''
	value *expr.Tape // φ alone
	ws    *expr.Workspace
	vws   *expr.Workspace
}

func newUnivariate(key curveKey) *univariate {
	d := expr.New()
	x := d.Var(0)
	var n expr.Node
	if key.op == expr.OpPow {
		n = d.Pow(x, d.Const(key.exponent))
	} else {
		n = d.Unary(key.op, x)
	}
	u := &univariate{key: key, value: d.Compile([]expr.Node{n})}
	u.vws = u.value.NewWorkspace()
	if key.op != expr.OpAbs {
		first := d.Derivative(n, 0)
		u.tape = d.Compile([]expr.Node{n, first, d.Derivative(first, 0)})
		u.ws = u.tape.NewWorkspace()
	}
	return u
}

// over returns the intervals of φ and, where asked for, of its derivatives over t.
func (u *univariate) over(t expr.Interval, derivatives bool) (v, first, second expr.Interval) {
	box := [1]expr.Interval{t}
	if !derivatives || u.tape == nil {
		var out [1]expr.Interval
		u.value.Intervals(u.vws, box[:], out[:])
		return out[0], expr.Everything, expr.Everything
	}
	var out [3]expr.Interval
	u.tape.Intervals(u.ws, box[:], out[:])
	return out[0], out[1], out[2]
}

// at returns φ(t) and φ'(t).
func (u *univariate) at(t float64) (v, slope float64) {
	x := [1]float64{t}
	if u.tape == nil {
		if t < 0 {
			return -t, -1
		}
		return t, 1
	}
	var out [3]float64
	u.tape.Values(u.ws, x[:], out[:])
	return out[0], out[1]
}

// inverse holds every t of x with φ(t) in y.
func (u *univariate) inverse(y, x expr.Interval) expr.Interval {
	switch u.key.op {
	case expr.OpPow:
		return inversePower(y, x, u.key.exponent)
	case expr.OpExp:
		if y.Hi <= 0 {
			return expr.Empty
		}
		return loosened(math.Log(math.Max(0, y.Lo)), math.Log(y.Hi))
	case expr.OpLog:
		return loosened(math.Exp(y.Lo), math.Exp(y.Hi))
	case expr.OpSqrt:
		if y.Hi < 0 {
			return expr.Empty
		}
		lo := math.Max(0, y.Lo)
		return loosened(lo*lo, y.Hi*y.Hi)
	case expr.OpAbs:
		return mirrored(y, x)
	}
	return x
}

// inversePower holds every t of x with t^p in y.
func inversePower(y, x expr.Interval, p float64) expr.Interval {
	whole := p == math.Trunc(p)
	switch {
	case p <= 0:
		return x
	case whole && math.Mod(p, 2) == 0:
		if y.Hi < 0 {
			return expr.Empty
		}
		return mirrored(loosened(math.Pow(math.Max(0, y.Lo), 1/p), math.Pow(y.Hi, 1/p)), x)
	case whole:
		inverse := func(v float64) float64 { return math.Copysign(math.Pow(math.Abs(v), 1/p), v) }
		return loosened(inverse(y.Lo), inverse(y.Hi))
	case y.Hi < 0: // the base is not negative
		return expr.Empty
	}
	return loosened(math.Pow(math.Max(0, y.Lo), 1/p), math.Pow(y.Hi, 1/p)).Intersect(expr.Interval{Lo: 0, Hi: math.Inf(1)})
}

// mirrored holds every member of x whose absolute value is in y.
func mirrored(y, x expr.Interval) expr.Interval {
	if y.Hi < 0 {
		return expr.Empty
	}
	y.Lo = math.Max(0, y.Lo)
	return x.Intersect(y).Hull(x.Intersect(y.Neg()))
}

// loosened rounds outward what elementary functions computed to a few units in the last place.
func loosened(lo, hi float64) expr.Interval {
	const ulps = 0x1p-49
	lo -= ulps*math.Abs(lo) + math.SmallestNonzeroFloat64
	hi += ulps*math.Abs(hi) + math.SmallestNonzeroFloat64
	if math.IsNaN(lo) {
		lo = math.Inf(-1)
	}
	if math.IsNaN(hi) {
		hi = math.Inf(1)
	}
	return expr.Interval{Lo: lo, Hi: hi}
}

// line is the function value + slope (t - at).
type line struct {
	at, value, slope float64
}

// lines bound φ over t from below and from above by lines. hint is a further point for a tangent, NaN for none.
func (u *univariate) lines(t expr.Interval, hint float64) (below, above []line) {
	if isInfinite(t) || !(t.Lo < t.Hi) {
		return nil, nil
	}
	_, d, dd := u.over(t, true)
	convex, concave := dd.Lo >= 0 || u.key.op == expr.OpAbs, dd.Hi <= 0
	fl, _ := u.at(t.Lo)
	fh, _ := u.at(t.Hi)
	secant := line{t.Lo, fl, (fh - fl) / (t.Hi - t.Lo)}
	if math.IsInf(fl, 0) || math.IsInf(fh, 0) || fl != fl || fh != fh {
		secant.slope = math.NaN()
	}
	tangents := func(lift float64) []line {
		var out []line
		for _, p := range [...]float64{t.Lo, middle(t), t.Hi, hint} {
			v, s := u.at(p)
			out = append(out, line{p, v + lift, s})
		}
		return out
	}
	switch {
	case convex:
		below, above = tangents(0), []line{secant}
	case concave:
		below, above = []line{secant}, tangents(0)
	case !isInfinite(dd):
		// φ(t) - φ(c) - φ'(c)(t-c) is in dd (t-c)²/2, and (t-c)² <= r².
		c, r := middle(t), t.Width()/2
		v, s := u.at(c)
		below = append(below, line{c, v + math.Min(0, dd.Lo)*r*r/2, s}, line{t.Lo, fl, d.Lo}, line{t.Hi, fh, d.Hi})
		above = append(above, line{c, v + math.Max(0, dd.Hi)*r*r/2, s}, line{t.Lo, fl, d.Hi}, line{t.Hi, fh, d.Lo})
		// φ - dd.Lo t²/2 is convex: φ >= its secant in the concave part. The other way round above.
		if a := math.Min(0, dd.Lo); a > -1e6 {
			below = append(below, line{secant.at, secant.value - math.Max(0, dd.Hi)*r*r/2, secant.slope})
			above = append(above, line{secant.at, secant.value - a*r*r/2, secant.slope})
		}
	}
	return below, above
}
