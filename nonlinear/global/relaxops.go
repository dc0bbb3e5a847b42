package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

func (r *Relaxation) sum(k int, args []int32) {
	n := r.p.nodes[k]
	coefs := r.p.d.Coefs(n)
	l, u := r.lower(k), r.upper(k)
	clear(l)
	clear(u)
	l[0], u[0] = r.p.d.Value(n), r.p.d.Value(n)
	for i, a := range args {
		r.combine(l, 1, l, coefs[i], r.along(coefs[i], int(a), -1), 0, -1)
		r.combine(u, 1, u, coefs[i], r.along(coefs[i], int(a), 1), 0, 1)
	}
}

// factor is a partial product: an interval and linear bounds.
type factor struct {
	v       expr.Interval
	low, up []float64
}

func (r *Relaxation) factorAt(k int) factor { return factor{r.vals[k], r.lower(k), r.upper(k)} }

func (f factor) along(p, sign float64) []float64 {
	if (p >= 0) == (sign > 0) {
		return f.up
	}
	return f.low
}

// product multiplies the factors one after the other.
func (r *Relaxation) product(k int, args []int32) {
	acc := r.factorAt(int(args[0]))
	out := factor{low: r.lower(k), up: r.upper(k)}
	low, up := make([]float64, r.n+1), make([]float64, r.n+1)
	for i, a := range args[1:] {
		b := r.factorAt(int(a))
		out.v = acc.v.Mul(b.v)
		r.mccormick(low, up, acc, b)
		copy(out.low, low)
		copy(out.up, up)
		r.tighten(&out)
		acc = out
		if i+2 == len(args) {
			r.vals[k] = r.vals[k].Intersect(out.v)
		}
	}
}

// tighten takes the range of the linear bounds into the interval.
func (r *Relaxation) tighten(f *factor) {
	least, _ := r.ends(f.low)
	_, most := r.ends(f.up)
	if v := f.v.Intersect(expr.Interval{Lo: least, Hi: most}); !v.IsEmpty() {
		f.v = v
	}
}

// mccormick bounds a product w = uv over u in [a, b], v in [c, d] by
//
//	w >= c u + a v - ac,   w >= d u + b v - bd,   w <= d u + a v - ad,   w <= c u + b v - bc.
func (r *Relaxation) mccormick(low, up []float64, u, v factor) {
	if u.v.IsEmpty() || v.v.IsEmpty() {
		clear(low)
		clear(up)
		low[0], up[0] = math.Inf(-1), math.Inf(1)
		return
	}
	a, b, c, d := u.v.Lo, u.v.Hi, v.v.Lo, v.v.Hi
	r.plane(low, u, v, c, a, -1)
	r.better(low, u, v, d, b, -1)
	r.plane(up, u, v, d, a, 1)
	r.better(up, u, v, c, b, 1)
}

// plane stores the bound p u + q v - pq.
func (r *Relaxation) plane(dst []float64, u, v factor, p, q, sign float64) {
	gamma := expr.Point(p).Mul(expr.Point(q)).Neg()
	g := gamma.Lo
	if sign > 0 {
		g = gamma.Hi
	}
	if math.IsInf(p, 0) || math.IsInf(q, 0) {
		clear(dst)
		dst[0] = math.Inf(int(sign))
		return
	}
	r.combine(dst, p, u.along(p, sign), q, v.along(q, sign), g, sign)
}

// better replaces dst by the second plane if that is the better of the two in the middle of the box, or just as good and the second variant is asked for.
func (r *Relaxation) better(dst []float64, u, v factor, p, q, sign float64) {
	r.plane(r.tmp, u, v, p, q, sign)
	a, b := sign*dst[0], sign*r.tmp[0]
	tie := math.Abs(a-b) <= 1e-9*(math.Abs(a)+math.Abs(b))
	if math.IsInf(a, 1) || b < a && !tie && !r.second || r.second && !math.IsInf(b, 1) && (tie || b > a) {
		copy(dst, r.tmp)
	}
}

// quotient is the product with the reciprocal.
func (r *Relaxation) quotient(k, a, b int) {
	v := r.vals[b]
	if v.IsEmpty() || v.Lo <= 0 && v.Hi >= 0 {
		r.constant(k)
		return
	}
	inv := factor{low: make([]float64, r.n+1), up: make([]float64, r.n+1), v: expr.Point(1).Div(v)}
	c, _ := curveOf(expr.OpPow, -1)
	below, above := c.lines(v, r.share)
	r.follow(inv.low, inv.up, b, below, above)
	r.tighten(&inv)
	low, up := make([]float64, r.n+1), make([]float64, r.n+1)
	r.mccormick(low, up, r.factorAt(a), inv)
	copy(r.lower(k), low)
	copy(r.upper(k), up)
}

// follow stores the bounds of a function of node u that lies between two lines.
func (r *Relaxation) follow(low, up []float64, u int, below, above line) {
	r.combine(low, below.p, r.along(below.p, u, -1), 0, r.zero, below.q, -1)
	r.combine(up, above.p, r.along(above.p, u, 1), 0, r.zero, above.q, 1)
}

// domain is where an operation of one argument has values.
func domain(op expr.Op, p float64) expr.Interval {
	inf := math.Inf(1)
	switch op {
	case expr.OpSqrt, expr.OpLog, expr.OpLog10:
		return expr.Interval{Lo: 0, Hi: inf}
	case expr.OpPow:
		if p != math.Trunc(p) {
			return expr.Interval{Lo: 0, Hi: inf}
		}
	}
	return expr.Everything
}

func (r *Relaxation) univariate(k, u int, op expr.Op, p float64) {
	c, ok := curveOf(op, p)
	v := r.vals[u].Intersect(domain(op, p))
	if !ok || v.IsEmpty() || op == expr.OpPow && p < 0 && v.Contains(0) {
		r.constant(k)
		return
	}
	below, above := c.lines(v, r.share)
	r.follow(r.lower(k), r.upper(k), u, below, above)
	if op == expr.OpPow && p == 2 || op == expr.OpExp { // of a number that the bounds may have narrowed
		r.vals[k] = r.vals[k].Intersect(c.value(v))
	}
}

// exponential is b^u, b > 0.
func (r *Relaxation) exponential(k, u int, b expr.Interval) {
	rate := b.Log()
	value := func(x expr.Interval) expr.Interval { return b.Power(x) }
	c := curve{value, func(x expr.Interval) expr.Interval { return value(x).Mul(rate) }, func(x expr.Interval) expr.Interval { return value(x).Mul(rate.Square()) }}
	below, above := c.lines(r.vals[u], r.share)
	r.follow(r.lower(k), r.upper(k), u, below, above)
}

func (r *Relaxation) abs(k, u int) {
	v := r.vals[u]
	switch {
	case v.IsEmpty() || math.IsInf(v.Lo, 0) || math.IsInf(v.Hi, 0):
		r.constant(k)
		return
	case v.Lo >= 0:
		r.pass(k, u)
		return
	case v.Hi <= 0:
		r.follow(r.lower(k), r.upper(k), u, line{-1, 0}, line{-1, 0})
		return
	}
	p := (v.Hi + v.Lo) / (v.Hi - v.Lo)
	p = math.Min(math.Max(p, -1), 1)
	// |u| - p u is greatest at an end.
	top := math.Max(expr.Point(-v.Lo).Sub(expr.Point(p).Mul(expr.Point(v.Lo))).Hi, expr.Point(v.Hi).Sub(expr.Point(p).Mul(expr.Point(v.Hi))).Hi)
	below := p
	if r.second {
		below = 0
	}
	r.follow(r.lower(k), r.upper(k), u, line{below, 0}, line{p, top})
}

// selection bounds min, max and less: with s in [0, 1] and d = b - a in [d1, d2], d1 < 0 < d2,
//
//	max(a, b) >= a, b,   max(a, b) <= (1-s) a + s b - s d1,   s = d2/(d2 - d1),
//
// since max(d, 0) <= s (d - d1) at both ends of d; min(a, b) = -max(-a, -b), a less b = max(a - b, 0).
func (r *Relaxation) selection(k int, op expr.Op, args []int32) {
	if len(args) != 2 {
		r.constant(k)
		return
	}
	a, b := r.factorAt(int(args[0])), r.factorAt(int(args[1]))
	low, up := make([]float64, r.n+1), make([]float64, r.n+1)
	switch op {
	case expr.OpMax:
		r.greater(low, up, a, b)
	case expr.OpMin:
		r.greater(low, up, r.negated(a), r.negated(b))
		for j := range low {
			low[j], up[j] = -up[j], -low[j]
		}
	default:
		d := factor{a.v.Sub(b.v), make([]float64, r.n+1), make([]float64, r.n+1)}
		r.combine(d.low, 1, a.low, -1, b.up, 0, -1)
		r.combine(d.up, 1, a.up, -1, b.low, 0, 1)
		r.tighten(&d)
		r.greater(low, up, d, factor{expr.Interval{}, r.zero, r.zero})
	}
	copy(r.lower(k), low)
	copy(r.upper(k), up)
}

func (r *Relaxation) negated(f factor) factor {
	g := factor{f.v.Neg(), make([]float64, r.n+1), make([]float64, r.n+1)}
	for j := range g.low {
		g.low[j], g.up[j] = -f.up[j], -f.low[j]
	}
	return g
}

// greater bounds max(a, b).
func (r *Relaxation) greater(low, up []float64, a, b factor) {
	d := b.v.Sub(a.v)
	switch {
	case a.v.IsEmpty() || b.v.IsEmpty() || math.IsInf(d.Lo, 0) || math.IsInf(d.Hi, 0):
		clear(low)
		clear(up)
		low[0], up[0] = math.Inf(-1), math.Inf(1)
		return
	case d.Hi <= 0:
		copy(low, a.low)
		copy(up, a.up)
		return
	case d.Lo >= 0:
		copy(low, b.low)
		copy(up, b.up)
		return
	}
	if b.low[0] > a.low[0] != r.second {
		copy(low, b.low)
	} else {
		copy(low, a.low)
	}
	s := d.Hi / (d.Hi - d.Lo)
	// max(d, 0) <= s d + g for both ends.
	g := math.Max(expr.Point(s).Mul(expr.Point(d.Lo)).Neg().Hi, expr.Point(d.Hi).Sub(expr.Point(s).Mul(expr.Point(d.Hi))).Hi)
	r.combine(up, 1-s, a.up, s, b.up, g+epsilon*8*(math.Abs(g)+a.v.Magnitude()+b.v.Magnitude()), 1)
}
