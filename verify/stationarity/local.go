package stationarity

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// local is the problem around a point: values and derivatives of all quantities, and how large a number counts as zero.
type local struct {
	p     *Problem
	x     []float64
	grad  []float64 // of the objective
	value []float64 // by quantity
	jac   []float64 // of the rows, in the order of rowIndex
	// scale measures slacks of a quantity: its gradient's largest entry, limited to [0.01, 1000], so that a slack over its scale is about
	// the distance to where it is zero.
	scale     []float64
	norm1     []float64 // of the gradients of the quantities
	normInf   []float64
	gradNorm  float64 // largest entry of grad
	violation float64 // largest violation of a bound or row, over its scale
	worst     int     // the quantity with it, -1
	pairGap   float64 // largest residual of a pair, over the scale of the smaller member
	worstPair int
	tolerance float64 // slacks of at most tolerance times scale count as zero
}

// at evaluates the problem at x.
func (p *Problem) at(x []float64, active float64) (*local, error) {
	if len(x) != p.n {
		return nil, &PointError{Reason: fmt.Sprintf("the point has %d entries, the problem %d variables", len(x), p.n)}
	}
	for j, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, &PointError{Reason: fmt.Sprintf("%s has the value %v", p.varName(j), v)}
		}
	}
	l := &local{p: p, x: x, grad: make([]float64, p.n), value: make([]float64, p.n+p.m), jac: make([]float64, len(p.rowIndex)),
		scale: make([]float64, p.n+p.m), norm1: make([]float64, p.n+p.m), normInf: make([]float64, p.n+p.m), worst: -1, worstPair: -1}
	copy(l.value, x)
	p.prog.Gradient(x, l.grad)
	p.prog.Rows(x, l.value[p.n:])
	p.prog.Jacobian(x, l.jac)
	for j, g := range l.grad {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return nil, &PointError{Reason: fmt.Sprintf("the objective has no derivative by %s there (%v): the point is at the edge of a function's domain", p.varName(j), g)}
		}
		l.gradNorm = math.Max(l.gradNorm, math.Abs(g))
		l.norm1[j], l.normInf[j], l.scale[j] = 1, 1, 1
	}
	for r := range p.m {
		q := p.n + r
		if v := l.value[q]; math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, &PointError{Reason: fmt.Sprintf("%s has the value %v there: the point is outside a function's domain", p.rowName(r), v)}
		}
		for k := p.rowStart[r]; k < p.rowStart[r+1]; k++ {
			v := math.Abs(l.jac[k])
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, &PointError{Reason: fmt.Sprintf("%s has no derivative by %s there: the point is at the edge of a function's domain", p.rowName(r), p.varName(int(p.rowIndex[k])))}
			}
			l.norm1[q] += v
			l.normInf[q] = math.Max(l.normInf[q], v)
		}
		l.scale[q] = min(max(l.normInf[q], 0.01), 1000)
	}
	l.measure()
	l.tolerance = active
	if active <= 0 {
		l.tolerance = math.Min(math.Max(1e-6, 10*math.Max(l.pairGap, l.violation)), 1e-3)
	}
	return l, nil
}

// measure finds the largest violations.
func (l *local) measure() {
	for q, v := range l.value {
		if d := math.Max(l.p.lower[q]-v, v-l.p.upper[q]) / l.scale[q]; d > l.violation {
			l.violation, l.worst = d, q
		}
	}
	for k, pair := range l.p.pairs {
		a, b := l.slack(pair.A), l.slack(pair.B)
		qa, qb := l.p.quantity(pair.A), l.p.quantity(pair.B)
		var d float64
		if pair.Mixed() {
			lo, hi := l.p.lower[qa], l.p.upper[qa]
			low := math.Max(math.Abs(a-lo)/l.scale[qa], math.Max(0, -b)/l.scale[qb])
			high := math.Max(math.Abs(hi-a)/l.scale[qa], math.Max(0, b)/l.scale[qb])
			between := math.Max(math.Abs(b)/l.scale[qb], math.Max(lo-a, a-hi)/l.scale[qa])
			d = min(low, high, between)
			if lo == hi {
				d = math.Abs(a-lo) / l.scale[qa]
			}
		} else {
			d = math.Abs(min(a/l.scale[qa], b/l.scale[qb]))
		}
		if d > l.pairGap {
			l.pairGap, l.worstPair = d, k
		}
	}
}

// slack is the value of a member at the point: v - lo, hi - v, or v itself.
func (l *local) slack(s model.Member) float64 {
	q := l.p.quantity(s)
	switch s.Side {
	case model.AtLower:
		return l.value[q] - l.p.lower[q]
	case model.AtUpper:
		return l.p.upper[q] - l.value[q]
	}
	return l.value[q]
}

// toLower and toUpper are the distances of a quantity to its bounds, 0 where they count as zero or the bound is violated.
func (l *local) toLower(q int) float64 { return l.snap(q, l.value[q]-l.p.lower[q]) }
func (l *local) toUpper(q int) float64 { return l.snap(q, l.p.upper[q]-l.value[q]) }

func (l *local) snap(q int, slack float64) float64 {
	if slack <= l.tolerance*l.scale[q] {
		return 0
	}
	return slack
}

// isZero reports whether a difference in units of quantity q counts as zero.
func (l *local) isZero(q int, v float64) bool { return math.Abs(v) <= l.tolerance*l.scale[q] }

// each visits the entries of the gradient of a quantity.
func (l *local) each(q int, visit func(j int32, v float64)) {
	if q < l.p.n {
		visit(int32(q), 1)
		return
	}
	r := q - l.p.n
	for k := l.p.rowStart[r]; k < l.p.rowStart[r+1]; k++ {
		if v := l.jac[k]; v != 0 {
			visit(l.p.rowIndex[k], v)
		}
	}
}

// along is the derivative of a quantity in direction d.
func (l *local) along(q int, d []float64) float64 {
	if q < l.p.n {
		return d[q]
	}
	r, s := q-l.p.n, 0.0
	for k := l.p.rowStart[r]; k < l.p.rowStart[r+1]; k++ {
		s += l.jac[k] * d[l.p.rowIndex[k]]
	}
	return s
}
