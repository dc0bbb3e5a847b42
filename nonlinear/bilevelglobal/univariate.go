package bilevelglobal

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/global"
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
	// domain is that of φ.
	domain *global.Domain
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
	u := &univariate{key: key, value: d.Compile([]expr.Node{n}), domain: global.NewDomain(d, n)}
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
	return global.Inverse(u.key.op, u.key.exponent, y, x)
}

// whole reports whether φ is twice differentiable at all points of t at which it has a value, and these are an interval. A second derivative of one sign says
// that it is convex or concave only then: 1/t² is convex on either side of its pole, and not on both together.
func (u *univariate) whole(t expr.Interval) bool {
	switch u.key.op {
	case expr.OpPow:
		p := u.key.exponent
		return p != math.Trunc(p) || p >= 0 || t.Lo >= 0 || t.Hi <= 0
	case expr.OpTan:
		u.domain.Over([]expr.Interval{t})
		return u.domain.Root(0) == global.Smooth
	}
	return true
}

// line is the function value + slope (t - at).
type line struct {
	at, value, slope float64
}

// lines bound φ over t from below and from above by lines. hint is a further point for a tangent, NaN for none.
func (u *univariate) lines(t expr.Interval, hint float64) (below, above []line) {
	if isInfinite(t) || !(t.Lo < t.Hi) || !u.whole(t) {
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
