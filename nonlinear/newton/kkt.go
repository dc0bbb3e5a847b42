package newton

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/sparse"
)

// kkt is the condensed symmetric system of a Newton step,
//
//	[ W + Σ + δw I     J' ] [dx]   [b]
//	[ J               -D  ] [dλ] = [c],
//
// where W is the Hessian of the Lagrangian, Σ the diagonal of multiplier over slack of the bounds of x, and D the diagonal that is left of the
// slacks and elastic variables of the rows, δc where there are none.
type kkt struct {
	pr     *problem
	sym    *sparse.Symbolic
	factor *sparse.Factor
	vals   []float64 // of the Hessian's entries, the diagonal of x, the Jacobian's entries, the diagonal of the rows
	rhs    []float64
	sol    []float64
	last   float64 // the δw that was needed last, 0: none so far
	least  float64 // the smallest δw
	dw, dc float64 // of the factorisation at hand
	// singular counts the steps in a row that needed δc; from a few on it is set from the beginning.
	singular int
}

// newKKT analyses the matrix; apart says whether blocks are looked for, see analyse.
func newKKT(pr *problem, apart bool) (*kkt, error) {
	nx, mr := pr.nx, pr.mr
	nh, nj := len(pr.hessFrom), len(pr.jacFrom)
	rows, cols := make([]int32, 0, nh+nx+nj+mr), make([]int32, 0, nh+nx+nj+mr)
	rows, cols = append(rows, pr.hessRow...), append(cols, pr.hessCol...)
	for i := range int32(nx) {
		rows, cols = append(rows, i), append(cols, i)
	}
	for k, r := range pr.jacRow {
		rows, cols = append(rows, r+int32(nx)), append(cols, pr.jacCol[k])
	}
	for i := range int32(mr) {
		rows, cols = append(rows, i+int32(nx)), append(cols, i+int32(nx))
	}
	sym, err := pr.analyse(nx+mr, rows, cols, apart)
	if err != nil {
		return nil, err
	}
	factor := sym.NewFactor()
	if nx+mr > largeSystem {
		factor.SetPivot(sparsePivot)
	}
	return &kkt{pr: pr, sym: sym, factor: factor, vals: make([]float64, len(rows)), rhs: make([]float64, nx+mr), sol: make([]float64, nx+mr)}, nil
}

// Above this order fill counts more than the accuracy of a factorisation, which refinement makes up for.
const (
	largeSystem = 500
	sparsePivot = 1e-6
)

// diagX and diagRows are the diagonals within vals.
func (k *kkt) diagX() []float64 {
	at := len(k.pr.hessFrom)
	return k.vals[at : at+k.pr.nx]
}

func (k *kkt) diagRows() []float64 { return k.vals[len(k.vals)-k.pr.mr:] }

// load copies the Hessian, times weight, and the Jacobian.
func (k *kkt) load(weight float64) {
	if weight == 1 {
		copy(k.vals, k.pr.hess)
	} else {
		for i, v := range k.pr.hess {
			k.vals[i] = weight * v
		}
	}
	at := len(k.pr.hessFrom) + k.pr.nx
	copy(k.vals[at:], k.pr.jac)
}

// Regularisation of the matrix until its inertia is (nx, mr, 0), so that the step is one of descent on the null space of the Jacobian.
const (
	firstShift    = 1e-4
	smallestShift = 1e-9 // relative to 1/max(1, |x|): it bounds steps along directions without curvature
	largestShift  = 1e40
	shiftDecrease = 1.0 / 3
	shiftIncrease = 8
	firstIncrease = 100
	rowShift      = 1e-8
	rowShiftPower = 0.25
	leastRowShift = 1e-9
)

// correct factorises with the least shifts that give the right inertia. fill stores the two diagonals for given shifts. It is false where no
// shift helps or an entry is not a number.
func (k *kkt) correct(mu float64, fill func(dw, dc float64)) bool {
	k.dw, k.dc = 0, 0
	if k.singular > 3 {
		k.dc = max(leastRowShift, rowShift*math.Pow(mu, rowShiftPower))
	}
	right, singular, ok := k.try(fill)
	if !ok {
		return false
	}
	if !right && singular && k.dc == 0 && k.pr.mr > 0 {
		k.dc = max(leastRowShift, rowShift*math.Pow(mu, rowShiftPower))
		if right, _, ok = k.try(fill); !ok {
			return false
		}
	}
	if k.dc > 0 {
		k.singular++
	} else {
		k.singular = 0
	}
	if right {
		return true
	}
	k.dw = firstShift
	if k.last > 0 {
		k.dw = max(k.least, k.last*shiftDecrease)
	}
	for {
		right, _, ok = k.try(fill)
		if !ok {
			return false
		}
		if right {
			k.last = k.dw
			return true
		}
		if k.last == 0 {
			k.dw *= firstIncrease
		} else {
			k.dw *= shiftIncrease
		}
		if k.dw > largestShift {
			return false
		}
	}
}

// try factorises with the shifts at hand. singular says that rows seem to be dependent.
func (k *kkt) try(fill func(dw, dc float64)) (right, singular, ok bool) {
	fill(k.dw, k.dc)
	if k.factor.Factorise(k.vals) != nil {
		return false, false, false
	}
	in := k.factor.Inertia()
	right = in.Positive == k.pr.nx && in.Negative == k.pr.mr
	return right, in.Zero > 0 || in.Negative < k.pr.mr, true
}

// solve solves for the right-hand side in rhs and returns the relative residual.
func (k *kkt) solve() float64 { return k.factor.Refined(k.rhs, k.sol, refinements, accurate) }

const (
	refinements = 4
	accurate    = 1e-13
)
