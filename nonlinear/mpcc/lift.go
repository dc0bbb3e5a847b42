package mpcc

import (
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// lifted is a program with a new variable for the value of each of some rows: c_r(x) - v = 0 with the sides of the row as bounds of v.
// Rows keep their places, and the new variables follow the others.
type lifted struct {
	base             smooth.Program
	n                int     // variables of base
	rows             []int32 // that are lifted: the new variable n+k has the value of row rows[k]
	lower, upper     []float64
	rowLower         []float64
	rowUpper         []float64
	jacRows, jacCols []int32
	from             []int32 // by entry of the Jacobian: entry of base's, or -1 for that of a new variable
	jac              []float64
	values           []float64 // of base's rows
}

func newLifted(base smooth.Program, rows []int32) *lifted {
	l := &lifted{base: base, n: base.NumVars(), rows: rows}
	lo, hi := base.Bounds()
	l.lower, l.upper = slices.Clone(lo), slices.Clone(hi)
	lo, hi = base.RowBounds()
	l.rowLower, l.rowUpper = slices.Clone(lo), slices.Clone(hi)
	column := map[int32]int32{}
	for k, r := range rows {
		column[r] = int32(l.n + k)
		l.lower, l.upper = append(l.lower, lo[r]), append(l.upper, hi[r])
		l.rowLower[r], l.rowUpper[r] = 0, 0
	}
	jr, jc := base.JacobianPattern()
	k := 0
	for r := range int32(base.NumRows()) {
		for ; k < len(jr) && jr[k] == r; k++ {
			l.jacRows, l.jacCols, l.from = append(l.jacRows, r), append(l.jacCols, jc[k]), append(l.from, int32(k))
		}
		if c, ok := column[r]; ok {
			l.jacRows, l.jacCols, l.from = append(l.jacRows, r), append(l.jacCols, c), append(l.from, -1)
		}
	}
	l.workspace()
	return l
}

func (l *lifted) workspace() {
	jr, _ := l.base.JacobianPattern()
	l.jac, l.values = make([]float64, len(jr)), make([]float64, l.base.NumRows())
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
func (l *lifted) NumRows() int                        { return l.base.NumRows() }
func (l *lifted) Bounds() (lower, upper []float64)    { return l.lower, l.upper }
func (l *lifted) RowBounds() (lower, upper []float64) { return l.rowLower, l.rowUpper }
func (l *lifted) JacobianPattern() (r, c []int32)     { return l.jacRows, l.jacCols }
func (l *lifted) HessianPattern() (r, c []int32)      { return l.base.HessianPattern() }
func (l *lifted) Objective(x []float64) float64       { return l.base.Objective(x[:l.n]) }

func (l *lifted) Gradient(x, g []float64) {
	l.base.Gradient(x[:l.n], g[:l.n])
	clear(g[l.n:])
}

func (l *lifted) Rows(x, c []float64) {
	l.base.Rows(x[:l.n], c)
	for k, r := range l.rows {
		c[r] -= x[l.n+k]
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
	l.base.Hessian(x[:l.n], sigma, lambda, vals)
}
