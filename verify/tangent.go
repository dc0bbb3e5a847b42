package verify

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// tangent is a nonlinear task to first order at a point.
type tangent struct {
	y      []float64
	cost   float64
	grad   []float64
	size   []float64 // of the terms of grad
	values []float64 // of the constraints' functions
	start  []int     // constraint r has the derivatives of start[r] to start[r+1]
	cols   []int32
	vals   []float64
}

// compile prepares the evaluation of a nonlinear task.
func (t *task) compile() error {
	if t.prog != nil {
		return nil
	}
	prog, err := smooth.Compile(t.p)
	if err != nil {
		return err
	}
	t.prog = prog
	d := t.p.DAG()
	t.kinks, _ = d.Smooth(t.cost.Nonlinear)
	t.kinks = !t.kinks
	for r := 0; r < t.p.NumRows() && !t.kinks; r++ {
		if !t.p.RowIsAffine(r) {
			ok, _ := d.Smooth(t.p.RowFunction(r).Nonlinear)
			t.kinks = !ok
		}
	}
	rows, cols := prog.JacobianPattern()
	t.jac = tangent{start: make([]int, t.p.NumRows()+1), cols: cols, vals: make([]float64, len(cols)), values: make([]float64, t.p.NumRows()),
		grad: make([]float64, t.p.NumVars()), size: make([]float64, t.p.NumVars())}
	for _, r := range rows {
		t.jac.start[r+1]++
	}
	for r := range t.p.NumRows() {
		t.jac.start[r+1] += t.jac.start[r]
	}
	return nil
}

// at returns the tangent at y; it stays valid until the next call.
func (t *task) at(y []float64) *tangent {
	j := &t.jac
	if j.y != nil && slices.Equal(j.y, y) {
		return j
	}
	j.y = append(j.y[:0], y...)
	j.cost = t.prog.Objective(y)
	t.prog.Gradient(y, j.grad)
	t.prog.Rows(y, j.values)
	t.prog.Jacobian(y, j.vals)
	for k, g := range j.grad {
		j.size[k] = math.Abs(g)
	}
	// Where terms cancel in the gradient its size is that of the terms, as far as they are seen.
	for k, v := range t.cost.Vars {
		j.size[v] = math.Max(j.size[v], math.Abs(t.cost.Coefs[k]))
	}
	for _, q := range t.cost.Quad {
		j.size[q.I] = math.Max(j.size[q.I], math.Abs(q.Coef*y[q.J]))
		j.size[q.J] = math.Max(j.size[q.J], math.Abs(q.Coef*y[q.I]))
	}
	return j
}

// rowAt are the derivatives of constraint r at y, by variable.
func (t *task) rowAt(r int, y []float64) (idx []int32, val []float64) {
	if !t.nonlinear() {
		return t.p.RowAffine(r)
	}
	j := t.at(y)
	return j.cols[j.start[r]:j.start[r+1]], j.vals[j.start[r]:j.start[r+1]]
}

// lagrangianGradient is gradient - A' lambda at y with the sizes of its terms, in new slices.
func (t *task) lagrangianGradient(y, lambda []float64) (d, size []float64) {
	d, size = t.gradient(y)
	for r, l := range lambda {
		if l == 0 {
			continue
		}
		idx, val := t.rowAt(r, y)
		for k, j := range idx {
			d[j] -= l * val[k]
			size[j] += math.Abs(l * val[k])
		}
	}
	return d, size
}

// side is the side of constraint r that a multiplier l belongs to; infinite where it has none.
func (t *task) side(r int, l float64) float64 {
	if l > 0 {
		return t.lo[r]
	}
	return t.hi[r]
}

// lagrangian is the cost less lambda'(constraints - sides) at y: at most the cost where y is feasible.
func (t *task) lagrangian(y, lambda []float64) float64 {
	j := t.at(y)
	v := j.cost
	for r, l := range lambda {
		if l != 0 {
			v -= l * (j.values[r] - t.side(r, l))
		}
	}
	return v
}

// hessian is the dense Hessian of cost - lambda'constraints at y for the variables listed.
func (t *task) hessian(y, lambda []float64, vars []int) []float64 {
	place := make([]int, len(y))
	for j := range place {
		place[j] = -1
	}
	for k, j := range vars {
		place[j] = k
	}
	weights := make([]float64, len(lambda))
	for r, l := range lambda {
		weights[r] = -l
	}
	rows, cols := t.prog.HessianPattern()
	vals := make([]float64, len(rows))
	t.prog.Hessian(y, 1, weights, vals)
	n := len(vars)
	h := make([]float64, n*n)
	for k, r := range rows {
		i, j := place[r], place[cols[k]]
		if i < 0 || j < 0 {
			continue
		}
		h[i*n+j] += vals[k]
		if i != j {
			h[j*n+i] += vals[k]
		}
	}
	return h
}

// measureNonlinear sees the terms of the outermost sum of a nonlinear cost at y.
func (t *task) measureNonlinear(y []float64, see func(coef, term float64)) {
	d := t.p.DAG()
	_, coefs, args := d.Flatten(t.cost.Nonlinear)
	for k, a := range args {
		if _, constant := d.IsConst(a); !constant {
			see(coefs[k], coefs[k]*d.Eval(a, y))
		}
	}
}
