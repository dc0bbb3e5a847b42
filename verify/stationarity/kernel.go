package stationarity

import (
	"context"
	"errors"
	"math"
)

// kernel finds multipliers of least residual: for signs of the columns of an active set, w with small ∇f - Σ w_i a_i, where a_i is the
// gradient of the column's quantity times its orientation. It is one of
//
//   - bounded least squares, which minimises the 2-norm, on the variables that no free multiplier of a bound takes care of;
//   - a linear program in HiGHS, which minimises the 1-norm, where that is too large: it is min ∇f'd over the directions d in the unit box
//     with a_i'd = 0 for free multipliers and a_i'd >= 0 for non-negative ones, and its duals are the multipliers.
//
// Either way the multipliers prove stationarity by themselves, and where the residual is not small d is a direction of descent.
type kernel struct {
	a        *active
	target   []float64 // what the multipliers are to make up: ∇f, and for further equations beyond the variables whatever they ask for
	extra    []float64 // by column: its entry in the one further equation; nil: none
	solves   int
	lp       *boxLP
	solvers  solverChoice
	first    []int // by quantity: its first column, -1
	next     []int // by column: the next one of its quantity, -1
	w        []float64
	residual []float64 // ∇f - Σ w a
	d        []float64 // a direction along which every column's constraint holds; ∇f'd is not positive
	rowSize  []float64 // of the rows of lp
	rowOf    []int     // by quantity: its row in lp, -1
	ls       *boundedLeastSquares
	lsRows   []int // by variable (and the further equation): its row, -1
}

// leastSquaresLimit is the largest product of variables and multipliers for which least squares are taken where there is a choice.
const leastSquaresLimit = 300 * 300

// newKernel prepares the tests at an active set. extra adds an equation Σ w_i extra_i = 1 to the ones of the variables, whose targets
// are then all zero.
func newKernel(a *active, extra []float64, solvers solverChoice) *kernel {
	n := a.p.n
	k := &kernel{a: a, target: a.grad, extra: extra, solvers: solvers, w: make([]float64, len(a.columns))}
	if extra != nil {
		n++
		k.target = make([]float64, n)
		k.target[n-1] = 1
	}
	k.residual, k.d = make([]float64, n), make([]float64, n)
	k.first, k.next = make([]int, a.p.n+a.p.m), make([]int, len(a.columns))
	for q := range k.first {
		k.first[q] = -1
	}
	for i := len(a.columns) - 1; i >= 0; i-- {
		q := a.columns[i].quantity
		k.next[i], k.first[q] = k.first[q], i
	}
	return k
}

func (k *kernel) close() {
	if k.lp != nil {
		k.lp.solver.close()
	}
}

// errStopped says that the context was done.
var errStopped = errors.New("stopped")

// least finds multipliers of least residual. The results are in w, residual and d, which the next call overwrites.
func (k *kernel) least(ctx context.Context, signs []sign) error {
	if ctx.Err() != nil {
		return errStopped
	}
	k.solves++
	rows, cols := k.size(signs)
	if k.lp == nil && (k.solvers == solversHiGHS || k.solvers == solversBySize && rows*cols > leastSquaresLimit) {
		err := k.openLP()
		switch {
		case isAbsent(err):
			k.solvers = solversOwn
		case err != nil:
			return err
		}
	}
	if k.lp != nil {
		done, err := k.leastByLP(ctx, signs)
		if err != nil || done {
			return err
		}
	}
	return k.leastBySquares(ctx, signs)
}

// eliminated returns the column whose free multiplier takes care of variable j whatever the others are, -1 where there is none.
func (k *kernel) eliminated(j int, signs []sign) int {
	for i := k.first[j]; i >= 0; i = k.next[i] {
		if signs[i] == free && (k.extra == nil || k.extra[i] == 0) {
			return i
		}
	}
	return -1
}

// size is that of the least squares problem.
func (k *kernel) size(signs []sign) (rows, cols int) {
	rows = len(k.target)
	for j := range k.a.p.n {
		if k.eliminated(j, signs) >= 0 {
			rows--
		}
	}
	for i, c := range k.a.columns {
		if signs[i] != zero && (c.quantity >= k.a.p.n || k.eliminated(c.quantity, signs) < 0) {
			cols++
		}
	}
	return rows, cols
}

// leastBySquares solves by bounded least squares.
func (k *kernel) leastBySquares(ctx context.Context, signs []sign) error {
	rows, cols := k.size(signs)
	if k.lsRows == nil {
		k.lsRows = make([]int, len(k.target))
	}
	if k.ls == nil || k.ls.rows != rows || k.ls.cols != cols {
		k.ls = newBoundedLeastSquares(rows, cols)
	}
	clear(k.ls.a)
	at := 0
	for j := range k.target {
		k.lsRows[j] = -1
		if j < k.a.p.n && k.eliminated(j, signs) >= 0 {
			continue
		}
		k.ls.b[at] = k.target[j]
		k.lsRows[j] = at
		at++
	}
	used := make([]int, 0, cols)
	inner := make([]sign, 0, cols)
	scale := make([]float64, 0, cols)
	for i, c := range k.a.columns {
		if signs[i] == zero || c.quantity < k.a.p.n && k.eliminated(c.quantity, signs) >= 0 {
			continue
		}
		size := k.a.normInf[c.quantity]
		if size == 0 {
			size = 1
		}
		to := k.ls.column(len(used))
		k.a.each(c.quantity, func(j int32, v float64) {
			if r := k.lsRows[j]; r >= 0 {
				to[r] = v * c.orientation / size
			}
		})
		if k.extra != nil {
			to[rows-1] = k.extra[i]
		}
		used, inner, scale = append(used, i), append(inner, signs[i]), append(scale, size)
	}
	if !k.ls.solve(ctx, inner) {
		return errStopped
	}
	clear(k.w)
	for at, i := range used {
		k.w[i] = k.ls.w[at] / scale[at]
	}
	k.takeCareOfBounds(signs)
	for j := range k.d {
		k.d[j] = 0
		if r := k.lsRows[j]; r >= 0 {
			k.d[j] = -k.ls.residual[r]
		}
	}
	return nil
}

// takeCareOfBounds computes the residual and then the multipliers of bounds that are determined by it.
func (k *kernel) takeCareOfBounds(signs []sign) {
	k.leave()
	for j := range k.a.p.n {
		if i := k.eliminated(j, signs); i >= 0 {
			k.w[i] += k.residual[j] * k.a.columns[i].orientation
			k.residual[j] = 0
		}
	}
}

// leave computes the residual of w.
func (k *kernel) leave() {
	copy(k.residual, k.target)
	for i, w := range k.w {
		if w == 0 {
			continue
		}
		c := k.a.columns[i]
		k.a.each(c.quantity, func(j int32, v float64) { k.residual[j] -= w * c.orientation * v })
		if k.extra != nil {
			k.residual[len(k.residual)-1] -= w * k.extra[i] * k.columnSize(i)
		}
	}
}

// columnSize is what the gradient of a column is divided by where it stands beside a further equation.
func (k *kernel) columnSize(i int) float64 {
	if s := k.a.normInf[k.a.columns[i].quantity]; s > 0 {
		return s
	}
	return 1
}

// worst is the largest entry of the residual.
func (k *kernel) worst() float64 {
	worst := 0.0
	for _, r := range k.residual {
		worst = math.Max(worst, math.Abs(r))
	}
	return worst
}
