package newton

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// problem is a smooth program in the form in which it is solved: variables that are fixed and rows without sides are gone, functions are
// scaled, and each row with an inequality has a slack,
//
//	min f(x)  s.t.  c_r(x) - b_r = 0 (equations),  c_r(x) - s_r = 0 (inequalities),  l <= (x, s) <= u.
//
// The x of this form is called reduced where it is to be told from that of the program.
type problem struct {
	p          smooth.Program
	nx, ms, mr int       // reduced variables, slacks, rows
	vars       []int32   // by reduced variable: that of the program
	full       []float64 // a point of the program, with its fixed variables set
	rows       []int32   // by row: that of the program
	slack      []int32   // by row: the place of its slack among (x, s), or -1
	rowOf      []int32   // by slack: its row
	target     []float64 // by row: b, scaled; 0 with a slack
	lower      []float64 // of (x, s), scaled, relaxed
	upper      []float64
	exactLower []float64 // not relaxed
	exactUpper []float64

	steepest []float64 // by reduced variable: the largest derivative of a row at the start, not scaled

	objScale float64
	rowScale []float64

	jacFrom, jacRow, jacCol []int32 // the entries of the Jacobian that are kept: their number in the program, row, reduced column
	hessFrom                []int32
	hessRow, hessCol        []int32
	jacScale                []float64 // of a kept entry

	rawGrad, rawRows, rawJac, rawHess []float64
	rawLambda                         []float64
	grad                              []float64 // reduced, scaled
	jac, hess                         []float64 // kept entries, scaled
	evaluations                       int
}

// newProblem takes a program apart. bad is the place of a pair of bounds that exclude each other, or nil.
func newProblem(p smooth.Program) (pr *problem, bad *emptyBounds) {
	n, m := p.NumVars(), p.NumRows()
	l, u := finite(p.Bounds())
	rl, ru := finite(p.RowBounds())
	pr = &problem{p: p, full: make([]float64, n), objScale: 1}
	varAt, rowAt := make([]int32, n), make([]int32, m)
	for j := range n {
		varAt[j] = -1
		switch {
		case !(l[j] <= u[j]) || math.IsInf(l[j], 1) || math.IsInf(u[j], -1):
			return nil, &emptyBounds{what: "variable", index: j, lower: l[j], upper: u[j]}
		case l[j] == u[j]:
			pr.full[j] = l[j]
		default:
			varAt[j] = int32(len(pr.vars))
			pr.vars = append(pr.vars, int32(j))
		}
	}
	pr.nx = len(pr.vars)
	for r := range m {
		rowAt[r] = -1
		switch {
		case !(rl[r] <= ru[r]) || math.IsInf(rl[r], 1) || math.IsInf(ru[r], -1):
			return nil, &emptyBounds{what: "constraint", index: r, lower: rl[r], upper: ru[r]}
		case math.IsInf(rl[r], -1) && math.IsInf(ru[r], 1):
			continue
		}
		rowAt[r] = int32(len(pr.rows))
		pr.rows = append(pr.rows, int32(r))
		if rl[r] == ru[r] {
			pr.slack = append(pr.slack, -1)
		} else {
			pr.slack = append(pr.slack, int32(pr.nx+pr.ms))
			pr.rowOf = append(pr.rowOf, int32(len(pr.rows)-1))
			pr.ms++
		}
	}
	pr.mr = len(pr.rows)
	pr.keep(varAt, rowAt)
	pr.memory(n, m)
	pr.setBounds()
	return pr, nil
}

// infinite is the size from which on a bound is taken for infinite.
const infinite = 1e20

// finite returns bounds with those that are as good as infinite replaced.
func finite(lower, upper []float64) (l, u []float64) {
	l, u = slices.Clone(lower), slices.Clone(upper)
	for k := range l {
		if l[k] <= -infinite {
			l[k] = math.Inf(-1)
		}
		if u[k] >= infinite {
			u[k] = math.Inf(1)
		}
	}
	return l, u
}

// emptyBounds says which bounds no number satisfies.
type emptyBounds struct {
	what         string
	index        int
	lower, upper float64
}

// keep finds the entries of the derivatives that belong to reduced variables and rows.
func (pr *problem) keep(varAt, rowAt []int32) {
	jr, jc := pr.p.JacobianPattern()
	for k := range jr {
		if r, c := rowAt[jr[k]], varAt[jc[k]]; r >= 0 && c >= 0 {
			pr.jacFrom, pr.jacRow, pr.jacCol = append(pr.jacFrom, int32(k)), append(pr.jacRow, r), append(pr.jacCol, c)
		}
	}
	hr, hc := pr.p.HessianPattern()
	for k := range hr {
		if r, c := varAt[hr[k]], varAt[hc[k]]; r >= 0 && c >= 0 {
			pr.hessFrom, pr.hessRow, pr.hessCol = append(pr.hessFrom, int32(k)), append(pr.hessRow, r), append(pr.hessCol, c)
		}
	}
	pr.rawJac, pr.rawHess = make([]float64, len(jr)), make([]float64, len(hr))
}

func (pr *problem) memory(n, m int) {
	pr.target, pr.rowScale = make([]float64, pr.mr), make([]float64, pr.mr)
	for r := range pr.rowScale {
		pr.rowScale[r] = 1
	}
	nv := pr.nx + pr.ms
	pr.lower, pr.upper, pr.exactLower, pr.exactUpper = make([]float64, nv), make([]float64, nv), make([]float64, nv), make([]float64, nv)
	pr.rawGrad, pr.rawRows, pr.rawLambda = make([]float64, n), make([]float64, m), make([]float64, m)
	pr.grad, pr.jac, pr.hess = make([]float64, pr.nx), make([]float64, len(pr.jacFrom)), make([]float64, len(pr.hessFrom))
	pr.jacScale, pr.steepest = make([]float64, len(pr.jacFrom)), make([]float64, pr.nx)
	for k := range pr.jacScale {
		pr.jacScale[k] = 1
	}
}

// setBounds stores the bounds of (x, s) and the right-hand sides in the units of the scaled rows.
func (pr *problem) setBounds() {
	l, u := finite(pr.p.Bounds())
	for k, j := range pr.vars {
		pr.exactLower[k], pr.exactUpper[k] = l[j], u[j]
	}
	rl, ru := finite(pr.p.RowBounds())
	for k, r := range pr.rows {
		if s := pr.slack[k]; s >= 0 {
			pr.exactLower[s], pr.exactUpper[s] = pr.rowScale[k]*rl[r], pr.rowScale[k]*ru[r]
		} else {
			pr.target[k] = pr.rowScale[k] * rl[r]
		}
	}
	copy(pr.lower, pr.exactLower)
	copy(pr.upper, pr.exactUpper)
}

// relax moves the bounds of (x, s) outwards by the factor times max(1, |bound|), so that programs whose feasible set has no interior have one
// for us. A slack moves by at most the violation allowed for its row, a variable by at most what changes no row by more than that, judged by
// the derivatives at the start.
func (pr *problem) relax(factor, violation float64) {
	for k := range pr.lower {
		most := violation
		if k < pr.nx {
			most /= max(1, pr.steepest[k])
		} else {
			most *= pr.rowScale[pr.rowOf[k-pr.nx]]
		}
		l, u := pr.exactLower[k], pr.exactUpper[k]
		pr.lower[k], pr.upper[k] = l, u
		if !math.IsInf(l, -1) {
			pr.lower[k] = l - min(most, factor*max(1, math.Abs(l)))
		}
		if !math.IsInf(u, 1) {
			pr.upper[k] = u + min(most, factor*max(1, math.Abs(u)))
		}
	}
}
