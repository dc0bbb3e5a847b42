package stationarity

import (
	"context"
	"errors"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
)

// boxLP is a linear program over a box whose bounds change between solves:
//
//	min c'd   s.t.  lo_i <= a_i'd <= hi_i,   lo_j <= d_j <= hi_j  (all finite)
//
// Rows come after columns in the numbering of bounds: number n+i is row i.
type boxLP struct {
	n, m         int
	cost         []float64
	lower, upper []float64 // by column, then by row
	start        []int32
	index        []int32
	value        []float64
	dirty        []int32 // bounds that the solver has not heard of yet
	isDirty      []bool
	solver       boxSolver
}

// boxSolver solves a boxLP again and again.
type boxSolver interface {
	// solve brings the solver up to the bounds and solves. The point and the multipliers of the rows (non-negative at a lower side,
	// non-positive at an upper one) are stored in d and y where the status is boxOptimal.
	solve(ctx context.Context, lp *boxLP, d, y []float64) (boxStatus, error)
	iterations() int
	basis() *boxBasis
	start(*boxBasis)
	close()
}

type boxStatus uint8

const (
	boxOptimal boxStatus = iota
	boxInfeasible
	boxStopped // by the context
	boxFailed
)

// boxBasis is where a later LP of the same shape may start.
type boxBasis struct {
	n, m int
	b    highs.Basis
}

// open chooses the solver: HiGHS where it is in the binary, the one written here otherwise.
func (lp *boxLP) open(solvers solverChoice) error {
	lp.isDirty = make([]bool, lp.n+lp.m)
	if solvers != solversOwn {
		s, err := newHighsBox(lp)
		if err == nil {
			lp.solver = s
			return nil
		}
		if !isAbsent(err) || solvers == solversHiGHS {
			return err
		}
	}
	s, err := newDenseBox(lp)
	if err != nil {
		return err
	}
	lp.solver = s
	return nil
}

// isAbsent reports whether an error says that HiGHS is not in this binary.
func isAbsent(err error) bool {
	var absent *backends.UnknownError
	return errors.As(err, &absent)
}

// set changes the bounds of a column or row.
func (lp *boxLP) set(k int, lo, hi float64) {
	if lp.lower[k] == lo && lp.upper[k] == hi {
		return
	}
	lp.lower[k], lp.upper[k] = lo, hi
	if lp.isDirty != nil && !lp.isDirty[k] {
		lp.isDirty[k] = true
		lp.dirty = append(lp.dirty, int32(k))
	}
}

// along is row i times d.
func (lp *boxLP) along(i int, d []float64) float64 {
	s := 0.0
	for k := lp.start[i]; k < lp.start[i+1]; k++ {
		s += lp.value[k] * d[lp.index[k]]
	}
	return s
}

// bound returns a lower bound on the optimal value from multipliers y of any origin, and stores in r the cost that they leave:
//
//	c'd = r'd + y'(A d) >= Σ_j min r_j [lo_j, hi_j] + Σ_i min y_i [lo_i, hi_i],   r = c - A'y
//
// A multiplier whose side is infinite is set to zero first.
func (lp *boxLP) bound(y, r []float64) float64 {
	return lp.boundOf(y, r, func(int) bool { return true })
}

// boundOf is that part of the bound which belongs to some columns and rows, where the other columns that can move are in other rows.
func (lp *boxLP) boundOf(y, r []float64, has func(k int) bool) float64 {
	copy(r, lp.cost)
	sum := 0.0
	for i := range lp.m {
		lo, hi := lp.lower[lp.n+i], lp.upper[lp.n+i]
		if y[i] > 0 && math.IsInf(lo, -1) || y[i] < 0 && math.IsInf(hi, 1) {
			y[i] = 0
		}
		if y[i] == 0 {
			continue
		}
		if has(lp.n + i) {
			sum += leastOf(y[i], lo, hi)
		}
		for k := lp.start[i]; k < lp.start[i+1]; k++ {
			r[lp.index[k]] -= y[i] * lp.value[k]
		}
	}
	for j := range lp.n {
		if has(j) {
			sum += leastOf(r[j], lp.lower[j], lp.upper[j])
		}
	}
	return sum
}

// leastOf is the least value of w v over lo <= v <= hi.
func leastOf(w, lo, hi float64) float64 {
	switch {
	case w > 0:
		return w * lo
	case w < 0:
		return w * hi
	}
	return 0
}
