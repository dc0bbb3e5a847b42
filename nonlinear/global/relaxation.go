package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Cut is a linear function that is at most, or at least, another one throughout a box: Constant + Σ_j Coefs[j] (x_j - At[j]).
type Cut struct {
	Constant float64
	Coefs    []float64
	At       []float64
}

// Value is the cut at x.
func (c Cut) Value(x []float64) float64 {
	v := c.Constant
	for j, a := range c.Coefs {
		v += a * (x[j] - c.At[j])
	}
	return v
}

// Relaxation bounds the nodes of a [Propagator] by linear functions of the variables over a box: every operation takes linear bounds of its
// arguments to such of its own, products by McCormick's planes, convex and concave functions by tangents and secants, others by their least and
// greatest slope. Coefficients are floating point numbers; what their rounding may amount to over the box is charged to the constants, so that the
// bounds hold exactly. They hold wherever the node has a value.
//
// Sources: McCormick, Computability of global solutions to factorable nonconvex programs, Mathematical Programming 10 (1976); Mitsos, Chachuat and Barton,
// McCormick-based relaxations of algorithms, SIAM J. Optimization 20 (2009).
type Relaxation struct {
	p       *Propagator
	n       int
	mid     []float64
	rad     []float64
	vals    []expr.Interval
	low, up []float64 // of node k: constant, then the coefficients, from k(n+1)
	share   float64
	second  bool
	zero    []float64
	tmp     []float64
}

// NewRelaxation prepares relaxations of the constraints' functions of p as functions of n variables.
func NewRelaxation(p *Propagator, n int) *Relaxation {
	size := len(p.nodes) * (n + 1)
	return &Relaxation{p: p, n: n, mid: make([]float64, n), rad: make([]float64, n), vals: make([]expr.Interval, len(p.nodes)),
		low: make([]float64, size), up: make([]float64, size), zero: make([]float64, n+1), tmp: make([]float64, n+1)}
}

// Over computes the bounds over a box with finite sides; false where a side is infinite. Two variants choose differently where there is a choice (of
// two planes, of the point of a tangent), and both together bound more closely than each.
func (r *Relaxation) Over(box []expr.Interval, variant int) bool {
	for j := range r.n {
		b := box[j]
		if b.IsEmpty() || math.IsInf(b.Lo, 0) || math.IsInf(b.Hi, 0) {
			return false
		}
		r.mid[j] = b.Lo/2 + b.Hi/2
		r.rad[j] = math.Nextafter(math.Max(b.Hi-r.mid[j], r.mid[j]-b.Lo), math.Inf(1))
		if b.Lo == b.Hi {
			r.mid[j], r.rad[j] = b.Lo, 0
		}
	}
	r.second, r.share = variant%2 == 1, 0.5
	if r.second {
		r.share = 0.85
	}
	if variant >= 2 {
		r.share = 0.15
	}
	r.p.Evaluate(box)
	copy(r.vals, r.p.vals)
	for k := range r.p.nodes {
		r.node(k)
		r.settle(k)
	}
	return true
}

// Below returns a linear function that is at most the function of constraint k, ok is false where there is none. The slices are valid until the next
// call of Over.
func (r *Relaxation) Below(k int) (c Cut, ok bool) {
	l := r.lower(int(r.p.roots[k]))
	return Cut{l[0], l[1:], r.mid}, !math.IsInf(l[0], 0)
}

// Above returns a linear function that is at least the function of constraint k.
func (r *Relaxation) Above(k int) (c Cut, ok bool) {
	u := r.upper(int(r.p.roots[k]))
	return Cut{u[0], u[1:], r.mid}, !math.IsInf(u[0], 0)
}

// Root returns an interval of the function of constraint k over the box, from the linear bounds and the intervals together.
func (r *Relaxation) Root(k int) expr.Interval { return r.vals[r.p.roots[k]] }

func (r *Relaxation) lower(k int) []float64 { return r.low[k*(r.n+1) : (k+1)*(r.n+1)] }
func (r *Relaxation) upper(k int) []float64 { return r.up[k*(r.n+1) : (k+1)*(r.n+1)] }

// constant sets the bounds of node k to those of its interval.
func (r *Relaxation) constant(k int) {
	l, u := r.lower(k), r.upper(k)
	clear(l)
	clear(u)
	l[0], u[0] = r.vals[k].Lo, r.vals[k].Hi
}

// settle takes the range of the linear bounds into the interval of node k and the other way round where one is better throughout.
func (r *Relaxation) settle(k int) {
	l, u := r.lower(k), r.upper(k)
	v := r.vals[k]
	if v.IsEmpty() {
		r.constant(k)
		return
	}
	least, most := r.ends(l)
	if math.IsInf(l[0], 0) || most <= v.Lo || math.IsNaN(least) {
		clear(l)
		l[0] = v.Lo
	} else if least > v.Lo {
		v.Lo = least
	}
	least, most = r.ends(u)
	if math.IsInf(u[0], 0) || least >= v.Hi || math.IsNaN(most) {
		clear(u)
		u[0] = v.Hi
	} else if most < v.Hi {
		v.Hi = most
	}
	if v.IsEmpty() { // no point of the box has a value
		v = expr.Empty
	}
	r.vals[k] = v
}

// ends are a lower bound of the least and an upper bound of the greatest value of a linear function over the box.
func (r *Relaxation) ends(a []float64) (least, most float64) {
	if math.IsInf(a[0], 0) {
		return math.Inf(-1), math.Inf(1)
	}
	s := 0.0
	for j, c := range a[1:] {
		s += math.Abs(c) * r.rad[j]
	}
	off := roundoff * (s + math.Abs(a[0]))
	return a[0] - s - off, a[0] + s + off
}

// roundoff covers the rounding of sums of some dozen terms relative to the sum of their sizes.
const roundoff = 64 * 0x1p-53

// combine stores alpha a + beta b + gamma in dst, moved down (sign -1) or up (1) by what the rounding may be.
func (r *Relaxation) combine(dst []float64, alpha float64, a []float64, beta float64, b []float64, gamma, sign float64) {
	size := math.Abs(gamma)
	v := gamma
	if alpha != 0 {
		v += alpha * a[0]
		size += math.Abs(alpha * a[0])
	}
	if beta != 0 {
		v += beta * b[0]
		size += math.Abs(beta * b[0])
	}
	if math.IsInf(size, 0) || math.IsNaN(v) || math.IsNaN(size) {
		clear(dst)
		dst[0] = math.Inf(int(sign))
		return
	}
	for j := 1; j < len(dst); j++ {
		x, y := 0.0, 0.0
		if alpha != 0 {
			x = alpha * a[j]
		}
		if beta != 0 {
			y = beta * b[j]
		}
		dst[j] = x + y
		size += (math.Abs(x) + math.Abs(y)) * r.rad[j-1]
	}
	dst[0] = v + sign*(8*epsilon*size+1e-300)
	if math.IsNaN(dst[0]) || math.IsInf(dst[0], 0) {
		clear(dst)
		dst[0] = math.Inf(int(sign))
	}
}

// along is what bounds p u from below (sign -1) or above (1): the bound of u on the side that the sign of p asks for.
func (r *Relaxation) along(p float64, u int, sign float64) []float64 {
	if (p >= 0) == (sign > 0) {
		return r.upper(u)
	}
	return r.lower(u)
}

// node computes the bounds of node k from those of its arguments.
func (r *Relaxation) node(k int) {
	args := r.p.args[k]
	switch op := r.p.ops[k]; op {
	case expr.OpConst:
		r.constant(k)
	case expr.OpVar:
		l, u := r.lower(k), r.upper(k)
		clear(l)
		clear(u)
		j := int(r.p.vars[k])
		if j >= r.n {
			r.constant(k)
			return
		}
		l[0], u[0] = r.mid[j], r.mid[j]
		l[1+j], u[1+j] = 1, 1
	case expr.OpSum:
		r.sum(k, args)
	case expr.OpMul:
		r.product(k, args)
	case expr.OpDiv:
		r.quotient(k, int(args[0]), int(args[1]))
	case expr.OpPow:
		if e := r.vals[args[1]]; e.Lo == e.Hi {
			r.univariate(k, int(args[0]), op, e.Lo)
		} else if b := r.vals[args[0]]; b.Lo == b.Hi && b.Lo > 0 {
			r.exponential(k, int(args[1]), b)
		} else {
			r.constant(k)
		}
	case expr.OpAbs:
		r.abs(k, int(args[0]))
	case expr.OpMin, expr.OpMax, expr.OpLess:
		r.selection(k, op, args)
	case expr.OpIf:
		c := r.vals[args[0]]
		switch {
		case c.IsEmpty() || c.Contains(0) && (c.Lo != 0 || c.Hi != 0 || !r.p.ops[args[0]].IsLogical()):
			r.constant(k)
		case c.Contains(0):
			r.pass(k, int(args[2]))
		default:
			r.pass(k, int(args[1]))
		}
	default:
		if op.IsUnary() && len(args) == 1 {
			r.univariate(k, int(args[0]), op, 0)
			return
		}
		r.constant(k)
	}
}

func (r *Relaxation) pass(k, from int) {
	copy(r.lower(k), r.lower(from))
	copy(r.upper(k), r.upper(from))
}
