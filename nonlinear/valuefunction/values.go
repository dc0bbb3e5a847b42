package valuefunction

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// values are the scaled functions of the program and their derivatives at a point.
type values struct {
	l      *layout
	x      []float64
	obj    float64
	grad   []float64
	rows   []float64
	jac    []float64
	known  bool
	hess   []float64
	weight []float64
	outer  []float64 // ∇A with L = A + λ B, by variable of the program
	inside []float64 // ∇B: of the gaps less the follower's multipliers
	count  int
}

func newValues(l *layout) *values {
	n, m := l.prog.NumVars(), l.prog.NumRows()
	return &values{l: l, x: make([]float64, n), grad: make([]float64, n), rows: make([]float64, m), jac: make([]float64, len(l.jacRows)),
		hess: make([]float64, len(l.hessRows)), weight: make([]float64, m), outer: make([]float64, n), inside: make([]float64, n)}
}

// at evaluates at the point of the unknowns.
func (v *values) at(w []float64) {
	l := v.l
	same := v.known
	for j, k := range l.place {
		if k >= 0 && v.x[j] != w[k] {
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
	v.obj = smooth.Scales{Objective: l.scale, Rows: l.rowScale, JacobianRows: l.jacRows}.Evaluate(l.prog, v.x, v.grad, v.rows, v.jac)
}

// slack is the value of a side.
func (v *values) slack(s side) float64 {
	if s.row {
		return s.sign * (v.rows[s.index] - s.bound)
	}
	return s.sign * (v.x[s.index] - s.bound)
}

// slope visits the derivatives of a side by the variables of the program that are not fixed.
func (v *values) slope(s side, visit func(j int32, d float64)) {
	if !s.row {
		visit(s.index, s.sign)
		return
	}
	v.rowSlope(s.index, s.sign, visit)
}

// rowSlope visits the derivatives of factor times row r.
func (v *values) rowSlope(r int32, factor float64, visit func(j int32, d float64)) {
	l := v.l
	for k := l.jacStart[r]; k < l.jacStart[r+1]; k++ {
		if j := l.jacCols[k]; l.place[j] >= 0 {
			visit(j, factor*v.jac[k])
		}
	}
}

// equation is how far equation e of the layout is from holding.
func (v *values) equation(e int) float64 {
	r := v.l.eqs[e]
	_, hi := v.l.prog.RowBounds()
	return v.rows[r] - v.l.rowScale[r]*hi[r]
}

// lagrangian stores ∇A and ∇B with the multipliers in w.
func (v *values) lagrangian(w []float64) {
	l := v.l
	copy(v.outer, v.grad)
	clear(v.inside)
	add := func(g []float64, c float64) func(int32, float64) {
		return func(j int32, d float64) { g[j] += c * d }
	}
	for _, r := range l.p.gaps {
		v.rowSlope(r, 1, add(v.inside, 1))
	}
	for e, r := range l.eqs {
		if mu := w[l.atEqs()+e]; l.p.inner[r] {
			v.rowSlope(r, 1, add(v.inside, -mu))
		} else {
			v.rowSlope(r, 1, add(v.outer, mu))
		}
	}
	for i, s := range l.sides {
		if q := w[l.atSides()+i]; s.inner {
			v.slope(s, add(v.inside, q))
		} else {
			v.slope(s, add(v.outer, -q))
		}
	}
}

// hessian evaluates the lower triangle of ∇²L at the point of the last at.
func (v *values) hessian(w []float64, lambda float64) {
	l := v.l
	clear(v.weight)
	for _, r := range l.p.gaps {
		v.weight[r] = lambda
	}
	kappa := func(inner bool) float64 {
		if inner {
			return -lambda
		}
		return 1
	}
	for e, r := range l.eqs {
		v.weight[r] += kappa(l.p.inner[r]) * w[l.atEqs()+e]
	}
	for i, s := range l.sides {
		if s.row {
			v.weight[s.index] -= kappa(s.inner) * s.sign * w[l.atSides()+i]
		}
	}
	for r := range v.weight {
		v.weight[r] *= l.rowScale[r]
	}
	l.prog.Hessian(v.x, l.scale, v.weight, v.hess)
}

// undefined names the first value or derivative that is not a finite number, "" where all are.
func (v *values) undefined() string {
	bad := func(a float64) bool { return math.IsNaN(a) || math.IsInf(a, 0) }
	switch {
	case bad(v.obj):
		return fmt.Sprintf("the leader's objective is %v", v.obj)
	case slices.ContainsFunc(v.grad, bad):
		return "a derivative of the leader's objective is not a number"
	case slices.ContainsFunc(v.rows, bad):
		return fmt.Sprintf("row %d of the problem is not a number", slices.IndexFunc(v.rows, bad))
	case slices.ContainsFunc(v.jac, bad):
		return fmt.Sprintf("a derivative of row %d of the problem is not a number", v.l.jacRows[slices.IndexFunc(v.jac, bad)])
	}
	return ""
}
