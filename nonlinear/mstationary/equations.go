package mstationary

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// equations is the system with continuously differentiable squares: with the unknowns of the layout,
//
//	∇L = 0,  c_e - bound = 0,  φ_FB(s_i, p_i) = 0,  and for each pair, (a, b, c, d) = (G, H, -ν_G, -ν_H):
//	φ_FB(a, b) = 0,  ac = 0,  bd = 0,  c⁺d = 0,  d⁺c = 0.
//
// It measures itself by the residual of the package comment and proposes the active-set Newton step.
type equations struct {
	*layout
	v          *values
	rows, cols []int32
	kkt        *branchSystem
	grad       []float64
}

// perPair is the number of equations of a pair.
const perPair = 5

func newEquations(l *layout, v *values) *equations {
	q := &equations{layout: l, v: v, grad: make([]float64, len(l.free))}
	q.visit(make([]float64, l.unknowns()), func(i, j int32, _ float64) {
		q.rows, q.cols = append(q.rows, i), append(q.cols, j)
	})
	q.kkt = newBranchSystem(l, v)
	return q
}

func (q *equations) Equations() int {
	return len(q.free) + len(q.eqs) + len(q.sides) + perPair*len(q.pairs)
}
func (q *equations) Unknowns() int                 { return q.unknowns() }
func (q *equations) Pattern() (rows, cols []int32) { return q.rows, q.cols }

func (q *equations) Residual(w, phi []float64) {
	q.v.at(w)
	q.v.lagrangian(w, phi[:len(q.free)])
	if len(phi) > 0 && (math.IsNaN(q.v.obj) || math.IsInf(q.v.obj, 0)) {
		phi[0] = math.NaN() // derivatives may exist where the objective does not
	}
	at := len(q.free)
	for k := range q.eqs {
		phi[at] = q.v.equation(k)
		at++
	}
	var fb system.FischerBurmeister
	for i, s := range q.sides {
		phi[at] = fb.Value(q.v.slack(s), w[q.atP()+i])
		at++
	}
	for k, p := range q.pairs {
		five := pairEquations(q.v.slack(p[0]), q.v.slack(p[1]), -w[q.nu(k, 0)], -w[q.nu(k, 1)])
		at += copy(phi[at:], five[:])
	}
}

// pairEquations are the left-hand sides of the equations of a pair.
func pairEquations(a, b, c, d float64) [perPair]float64 {
	return [perPair]float64{system.FischerBurmeister{}.Value(a, b), a * c, b * d, max(c, 0) * d, max(d, 0) * c}
}

func (q *equations) Jacobian(w, vals []float64) {
	q.v.at(w)
	q.v.hessian(w)
	k := 0
	q.visit(w, func(_, _ int32, v float64) {
		vals[k] = v
		k++
	})
}

// visit goes through the entries of the Jacobian in a fixed order, whatever their values.
func (q *equations) visit(w []float64, put func(i, j int32, v float64)) {
	v := q.v
	for k, r := range q.hessRows {
		i, j := q.place[r], q.place[q.hessCols[k]]
		if i < 0 || j < 0 {
			continue
		}
		put(i, j, v.hess[k])
		if i != j {
			put(j, i, v.hess[k])
		}
	}
	at := int32(len(q.free))
	for k, r := range q.eqs {
		col := int32(q.atMu() + k)
		v.rowSlope(r, 1, func(j int32, d float64) {
			put(j, col, d)
			put(at, j, d)
		})
		at++
	}
	var fb system.FischerBurmeister
	for i, s := range q.sides {
		col := int32(q.atP() + i)
		sum := 0.0 // the slack moves by this along the vector of ones, which settles the kink
		v.slope(s, func(_ int32, d float64) { sum += d })
		pa, pb := fb.Derivative(v.slack(s), w[col], sum, 1)
		v.slope(s, func(j int32, d float64) {
			put(j, col, -d)
			put(at, j, pa*d)
		})
		put(at, col, pb)
		at++
	}
	for k := range q.pairs {
		q.visitPair(k, at, w, put)
		at += perPair
	}
}

// visitPair visits the entries of pair k, whose equations begin at row at.
func (q *equations) visitPair(k int, at int32, w []float64, put func(i, j int32, v float64)) {
	v, p := q.v, q.pairs[k]
	colG, colH := int32(q.nu(k, 0)), int32(q.nu(k, 1))
	a, b, c, d := v.slack(p[0]), v.slack(p[1]), -w[colG], -w[colH]
	var sum [2]float64
	for i, s := range p {
		v.slope(s, func(_ int32, d float64) { sum[i] += d })
	}
	pa, pb := system.FischerBurmeister{}.Derivative(a, b, sum[0], sum[1])
	v.slope(p[0], func(j int32, g float64) {
		put(j, colG, -g)
		put(at, j, pa*g)
		put(at+1, j, c*g)
	})
	v.slope(p[1], func(j int32, g float64) {
		put(j, colH, -g)
		put(at, j, pb*g)
		put(at+2, j, d*g)
	})
	// By ν: c and d have the derivative -1.
	put(at+1, colG, -a)
	put(at+2, colH, -b)
	put(at+3, colG, -step(c)*d)
	put(at+3, colH, -max(c, 0))
	put(at+4, colH, -step(d)*c)
	put(at+4, colG, -max(d, 0))
}

// step is the derivative of the positive part.
func step(c float64) float64 {
	if c > 0 {
		return 1
	}
	return 0
}

// Measure is the residual: the gradient of the Lagrangian by the size of the multipliers where that is large, the equations,
// |min(s_i, p_i)| and φ_M.
func (q *equations) Measure(w, _ []float64) float64 {
	q.v.at(w)
	return q.measure(w)
}

func (q *equations) measure(w []float64) float64 {
	v := q.v
	v.lagrangian(w, q.grad)
	worst := 0.0
	take := func(d float64) { worst = max(worst, math.Abs(d)) } // max passes NaN on
	for _, g := range q.grad {
		take(g)
	}
	worst /= multiplierSize(w[q.atMu():])
	for k := range q.eqs {
		take(v.equation(k))
	}
	for i, s := range q.sides {
		take(math.Min(v.slack(s), w[q.atP()+i]))
	}
	for k, p := range q.pairs {
		take(PhiM(v.slack(p[0]), v.slack(p[1]), w[q.nu(k, 0)], w[q.nu(k, 1)]))
	}
	return worst
}

// multiplierSize is 1 for multipliers of ordinary size, and above a mean of 100 that mean in hundreds: the digits of a sum of large terms
// are worth no more.
func multiplierSize(y []float64) float64 {
	if len(y) == 0 {
		return 1
	}
	sum := 0.0
	for _, v := range y {
		sum += math.Abs(v)
	}
	return max(1, sum/float64(len(y))/100)
}
