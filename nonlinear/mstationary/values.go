package mstationary

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// values are the scaled functions of a program and their first derivatives at a point.
type values struct {
	l        *layout
	x        []float64 // of all variables
	obj      float64
	grad     []float64
	rows     []float64
	jac      []float64
	count    int  // evaluations
	known    bool // x is the point of the others
	hess     []float64
	weights  []float64 // λ of the scaled program, for the Hessian
	unscaled []float64 // λ as the program wants it
}

func newValues(l *layout) *values {
	return &values{l: l, x: make([]float64, l.n), grad: make([]float64, l.n), rows: make([]float64, l.m), jac: make([]float64, len(l.jacRows)),
		hess: make([]float64, len(l.hessRows)), weights: make([]float64, l.m), unscaled: make([]float64, l.m)}
}

// at evaluates at the point of the unknowns w.
func (v *values) at(w []float64) {
	l := v.l
	same := v.known
	for k, j := range l.free {
		if v.x[j] != w[k] {
			same = false
			break
		}
	}
	if same {
		return
	}
	v.count++
	v.known = true
	l.full(w, v.x)
	v.obj = smooth.Scales{Objective: l.objScale, Rows: l.rowScale, JacobianRows: l.jacRows}.Evaluate(l.prog, v.x, v.grad, v.rows, v.jac)
}

// forget says that the scales have changed.
func (v *values) forget() { v.known = false }

// hessian evaluates the lower triangle of the Hessian of the Lagrangian at the point of the last at, with the multipliers in w.
func (v *values) hessian(w []float64) {
	l := v.l
	clear(v.weights)
	for k, r := range l.eqs {
		v.weights[r] += w[l.atMu()+k]
	}
	take := func(s side, p float64) {
		if s.row {
			v.weights[s.index] -= s.sign * p
		}
	}
	for i, s := range l.sides {
		take(s, w[l.atP()+i])
	}
	for k, p := range l.pairs {
		take(p[0], w[l.nu(k, 0)])
		take(p[1], w[l.nu(k, 1)])
	}
	for r, y := range v.weights {
		v.unscaled[r] = y * l.rowScale[r]
	}
	l.prog.Hessian(v.x, l.objScale, v.unscaled, v.hess)
}

// slack is the value of a side.
func (v *values) slack(s side) float64 {
	at := v.rows
	if !s.row {
		at = v.x
	}
	return s.sign * (at[s.index] - s.bound)
}

// slope visits the derivatives of a side by the free variables.
func (v *values) slope(s side, visit func(j int32, d float64)) {
	if !s.row {
		visit(v.l.place[s.index], s.sign)
		return
	}
	v.rowSlope(s.index, s.sign, visit)
}

// rowSlope visits the derivatives of factor times row r.
func (v *values) rowSlope(r int32, factor float64, visit func(j int32, d float64)) {
	l := v.l
	for k := l.jacStart[r]; k < l.jacStart[r+1]; k++ {
		if j := l.place[l.jacCols[k]]; j >= 0 {
			visit(j, factor*v.jac[k])
		}
	}
}

// equation is how far equation k of the layout is from holding.
func (v *values) equation(k int) float64 {
	r := v.l.eqs[k]
	_, hi := v.l.prog.RowBounds()
	return v.rows[r] - v.l.rowScale[r]*hi[r]
}

// lagrangian stores the gradient of the Lagrangian by the free variables.
func (v *values) lagrangian(w, g []float64) {
	l := v.l
	for k, j := range l.free {
		g[k] = v.grad[j]
	}
	add := func(factor float64) func(j int32, d float64) {
		return func(j int32, d float64) { g[j] += factor * d }
	}
	for k, r := range l.eqs {
		v.rowSlope(r, w[l.atMu()+k], add(1))
	}
	for i, s := range l.sides {
		v.slope(s, add(-w[l.atP()+i]))
	}
	for k, p := range l.pairs {
		v.slope(p[0], add(-w[l.nu(k, 0)]))
		v.slope(p[1], add(-w[l.nu(k, 1)]))
	}
}

// undefined names the first value or derivative that is not a finite number, "" where all are.
func (v *values) undefined() string {
	bad := func(a float64) bool { return math.IsNaN(a) || math.IsInf(a, 0) }
	if bad(v.obj) {
		return fmt.Sprintf("the objective is %v", v.obj)
	}
	if j := slices.IndexFunc(v.grad, bad); j >= 0 {
		return fmt.Sprintf("the derivative of the objective by variable %d is %v", j, v.grad[j])
	}
	if r := slices.IndexFunc(v.rows, bad); r >= 0 {
		return fmt.Sprintf("row %d is %v", r, v.rows[r])
	}
	if k := slices.IndexFunc(v.jac, bad); k >= 0 {
		return fmt.Sprintf("the derivative of row %d by variable %d is %v", v.l.jacRows[k], v.l.jacCols[k], v.jac[k])
	}
	return ""
}
