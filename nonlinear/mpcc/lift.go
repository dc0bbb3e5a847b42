package mpcc

import (
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// lifted is a program with a new variable for the value of each of some rows: c_r(x) - v = 0 with the sides of the row as bounds of v. The
// new variables follow the others. Rows that say no more than the bounds of one variable are left out.
type lifted struct {
	base             smooth.Program
	n                int     // variables of base
	kept             []int32 // by row: the row of base
	rows             []int32 // of base that are lifted: the new variable n+k has the value of row rows[k]
	place            []int32 // by lifted row: its row here
	lower, upper     []float64
	rowLower         []float64
	rowUpper         []float64
	jacRows, jacCols []int32
	from             []int32 // by entry of the Jacobian: entry of base's, or -1 for that of a new variable
	jac              []float64
	values           []float64 // of base's rows
	lambda           []float64 // of base's rows
}

// newLifted lifts rows and leaves out others. The bounds of the variables are lower and upper, which it takes over.
func newLifted(base smooth.Program, rows []int32, out map[int32]bool, lower, upper []float64) *lifted {
	l := &lifted{base: base, n: base.NumVars(), rows: rows, lower: lower, upper: upper, place: make([]int32, len(rows))}
	lo, hi := base.RowBounds()
	column := map[int32]int32{}
	for k, r := range rows {
		column[r] = int32(l.n + k)
		l.lower, l.upper = append(l.lower, lo[r]), append(l.upper, hi[r])
	}
	jr, jc := base.JacobianPattern()
	k := 0
	for r := range int32(base.NumRows()) {
		at := int32(len(l.kept))
		if !out[r] {
			l.kept = append(l.kept, r)
		}
		for ; k < len(jr) && jr[k] == r; k++ {
			if !out[r] {
				l.jacRows, l.jacCols, l.from = append(l.jacRows, at), append(l.jacCols, jc[k]), append(l.from, int32(k))
			}
		}
		if out[r] {
			continue
		}
		if c, ok := column[r]; ok {
			l.jacRows, l.jacCols, l.from = append(l.jacRows, at), append(l.jacCols, c), append(l.from, -1)
			l.rowLower, l.rowUpper = append(l.rowLower, 0), append(l.rowUpper, 0)
			l.place[int(c)-l.n] = at
		} else {
			l.rowLower, l.rowUpper = append(l.rowLower, lo[r]), append(l.rowUpper, hi[r])
		}
	}
	l.workspace()
	return l
}

// padded adds variables of no group.
func padded(groups []int32, n int) []int32 {
	if groups == nil {
		return nil
	}
	return append(slices.Clone(groups), make([]int32, n-len(groups))...)
}

func (l *lifted) workspace() {
	jr, _ := l.base.JacobianPattern()
	m := l.base.NumRows()
	l.jac, l.values, l.lambda = make([]float64, len(jr)), make([]float64, m), make([]float64, m)
}

// cloneOver is a copy for another goroutine on a clone of the base.
func (l *lifted) cloneOver(base smooth.Program) *lifted {
	c := *l
	c.base = base
	c.lower, c.upper = slices.Clone(l.lower), slices.Clone(l.upper)
	c.rowLower, c.rowUpper = slices.Clone(l.rowLower), slices.Clone(l.rowUpper)
	c.workspace()
	return &c
}

func (l *lifted) Clone() smooth.Program               { return l.cloneOver(l.base.Clone()) }
func (l *lifted) NumVars() int                        { return l.n + len(l.rows) }
func (l *lifted) NumRows() int                        { return len(l.kept) }
func (l *lifted) Bounds() (lower, upper []float64)    { return l.lower, l.upper }
func (l *lifted) RowBounds() (lower, upper []float64) { return l.rowLower, l.rowUpper }
func (l *lifted) JacobianPattern() (r, c []int32)     { return l.jacRows, l.jacCols }
func (l *lifted) HessianPattern() (r, c []int32)      { return l.base.HessianPattern() }
func (l *lifted) Groups() []int32                     { return padded(smooth.GroupsOf(l.base), l.NumVars()) }
func (l *lifted) Objective(x []float64) float64       { return l.base.Objective(x[:l.n]) }

func (l *lifted) Gradient(x, g []float64) {
	l.base.Gradient(x[:l.n], g[:l.n])
	clear(g[l.n:])
}

func (l *lifted) Rows(x, c []float64) {
	l.base.Rows(x[:l.n], l.values)
	for i, r := range l.kept {
		c[i] = l.values[r]
	}
	for k, i := range l.place {
		c[i] -= x[l.n+k]
	}
}

func (l *lifted) Jacobian(x, vals []float64) {
	l.base.Jacobian(x[:l.n], l.jac)
	for k, f := range l.from {
		if f >= 0 {
			vals[k] = l.jac[f]
		} else {
			vals[k] = -1
		}
	}
}

func (l *lifted) Hessian(x []float64, sigma float64, lambda, vals []float64) {
	for i, r := range l.kept {
		l.lambda[r] = lambda[i]
	}
	l.base.Hessian(x[:l.n], sigma, l.lambda, vals)
}
