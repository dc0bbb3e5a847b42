package valuefunction

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// equations is one of the two systems of the package comment at a weight λ.
type equations struct {
	*layout
	v          *values
	lambda     float64 // where it is not free
	ncp        system.NCP
	rows, cols []int32
}

func newEquations(l *layout, v *values, lambda float64, ncp system.NCP) *equations {
	q := &equations{layout: l, v: v, lambda: lambda, ncp: ncp}
	w := make([]float64, l.unknowns())
	if l.free {
		w[l.atRoot()] = 1
	}
	q.visit(w, func(i, j int32, _ float64) { q.rows, q.cols = append(q.rows, i), append(q.cols, j) })
	return q
}

// leastWeight keeps a free λ away from zero.
const leastWeight = 1e-8

// weight is λ at the unknowns.
func (q *equations) weight(w []float64) float64 {
	if !q.free {
		return q.lambda
	}
	s := w[q.atRoot()]
	return leastWeight + s*s
}

func (q *equations) Equations() int                { return q.equations() }
func (q *equations) Unknowns() int                 { return q.unknowns() }
func (q *equations) Pattern() (rows, cols []int32) { return q.rows, q.cols }

func (q *equations) Residual(w, phi []float64) {
	v, lambda := q.v, q.weight(w)
	v.at(w)
	v.lagrangian(w)
	clear(phi[:len(q.vars)])
	for j, k := range q.place {
		if k < 0 {
			continue
		}
		phi[k] += v.outer[j] + lambda*v.inside[j]
		if e := q.own[j]; e >= 0 {
			phi[len(q.vars)+int(e)] = -v.inside[j]
		}
	}
	if len(phi) > 0 && (math.IsNaN(v.obj) || math.IsInf(v.obj, 0)) {
		phi[0] = math.NaN() // derivatives may exist where the objective does not
	}
	at := len(q.vars) + q.nOwn
	for _, e := range q.keep {
		phi[at] = v.equation(int(e))
		at++
	}
	for i, s := range q.sides {
		phi[at] = q.ncp.Value(v.slack(s), w[q.atSides()+i])
		at++
	}
}

func (q *equations) Jacobian(w, vals []float64) {
	q.v.at(w)
	q.v.lagrangian(w)
	q.v.hessian(w, q.weight(w))
	k := 0
	q.visit(w, func(_, _ int32, v float64) {
		vals[k] = v
		k++
	})
}

// visit goes through the entries of the Jacobian in a fixed order, whatever their values.
func (q *equations) visit(w []float64, put func(i, j int32, v float64)) {
	v, lambda := q.v, q.weight(w)
	// stationarity puts the derivative d of L_j by the unknown of a column.
	stationarity := func(j, col int32, d float64) {
		put(q.place[j], col, d)
		if e := q.own[j]; e >= 0 {
			put(int32(len(q.vars))+e, col, -d/lambda)
		}
	}
	for k, r := range q.hessRows {
		c := q.hessCols[k]
		if q.place[r] < 0 || q.place[c] < 0 {
			continue
		}
		stationarity(r, q.place[c], v.hess[k])
		if r != c {
			stationarity(c, q.place[r], v.hess[k])
		}
	}
	at := int32(len(q.vars) + q.nOwn)
	for e, r := range q.eqs {
		col := int32(q.atEqs() + e)
		kappa := 1.0
		if q.p.inner[r] {
			kappa = -lambda
		}
		v.rowSlope(r, 1, func(j int32, d float64) { stationarity(j, col, kappa*d) })
	}
	for _, e := range q.keep {
		v.rowSlope(q.eqs[e], 1, func(j int32, d float64) { put(at, q.place[j], d) })
		at++
	}
	for i, s := range q.sides {
		col := int32(q.atSides() + i)
		kappa := 1.0
		if s.inner {
			kappa = -lambda
		}
		sum := 0.0 // the slack moves by this along the vector of ones, which settles the kink
		v.slope(s, func(_ int32, d float64) { sum += d })
		pa, pb := q.ncp.Derivative(v.slack(s), w[col], sum, 1)
		v.slope(s, func(j int32, d float64) {
			stationarity(j, col, -kappa*d)
			put(at, q.place[j], pa*d)
		})
		put(at, col, pb)
		at++
	}
	if q.free {
		// The gradient of L by λ; that of -L_z/λ is zero.
		col := int32(q.atRoot())
		ds := 2 * w[col]
		for j, k := range q.place {
			if k >= 0 {
				put(k, col, ds*v.inside[j])
			}
		}
	}
}
