package branch

import (
	"errors"
	"slices"

	"github.com/gobilevel/bilevel/backends/highs"
)

// Basis returns the basis at hand. The slices of reuse are used where they are long enough.
func (l *linear) Basis(reuse highs.Basis) (highs.Basis, bool) {
	if l.small == nil {
		return l.far.Basis(reuse)
	}
	n, m := l.small.NumCols(), l.small.NumRows()
	b := highs.Basis{Cols: slices.Grow(reuse.Cols[:0], n)[:n], Rows: slices.Grow(reuse.Rows[:0], m)[:m]}
	l.small.Basis(b.Cols, b.Rows)
	return b, true
}

var errBasisSize = errors.New("the basis does not fit the LP")

func (l *linear) SetBasis(b highs.Basis) error {
	if l.small == nil {
		return l.far.SetBasis(b)
	}
	n, m := l.small.NumCols(), l.small.NumRows()
	if len(b.Cols) > n || len(b.Rows) > m {
		return errBasisSize
	}
	basic := m - len(b.Rows)
	for _, part := range [2][]uint8{b.Cols, b.Rows} {
		for _, s := range part {
			if s == highs.Basic {
				basic++
			}
		}
	}
	if basic != m {
		return errBasisSize
	}
	l.change()
	l.small.SetBasis(b.Cols, b.Rows)
	return nil
}

// Mark keeps the basis at hand, in any form, for Restore.
func (l *linear) Mark() {
	if l.small != nil {
		l.small.Mark()
	}
}

// Restore goes back to the basis of Mark, which is b.
func (l *linear) Restore(b highs.Basis) error {
	if l.small != nil {
		l.change()
		if l.small.Restore() {
			return nil
		}
	}
	return l.SetBasis(b)
}

// BasicVariables, TableauRow and InverseRow describe the factored basis as those of highs.LP do.
func (l *linear) BasicVariables(out []int32) error {
	if l.small == nil {
		return l.far.BasicVariables(out)
	}
	l.small.BasicVariables(out)
	return nil
}

func (l *linear) TableauRow(i int, row []float64) ([]int32, error) {
	if l.small == nil {
		return l.far.TableauRow(i, row)
	}
	clear(row)
	return l.entries(i, row, true), nil
}

func (l *linear) InverseRow(i int, row []float64) ([]int32, error) {
	if l.small == nil {
		return l.far.InverseRow(i, row)
	}
	clear(row)
	return l.entries(i, row, false), nil
}

// entries writes place i of the tableau in the form of HiGHS, Σ_j row_j x_j = Σ_k u_k (Ax)_k with 1 for what is basic: row where cols is set,
// else u.
func (l *linear) entries(i int, out []float64, cols bool) []int32 {
	n := int32(l.small.NumCols())
	t, nonbasic := l.small.Row(i)
	b := l.small.BasicAt(i)
	var list []int32
	put := func(q int32, v float64) {
		if cols != (q < n) || v == 0 {
			return
		}
		if !cols {
			q -= n
		}
		out[q] = v
		list = append(list, q)
	}
	put(b, 1)
	for j, q := range nonbasic {
		v := t[j]
		if (b < n) == (q < n) { // a column against a column, or a row against a row
			v = -v
		}
		put(q, v)
	}
	return list
}
