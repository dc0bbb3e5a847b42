package highs

import (
	"fmt"
	"slices"
)

// The statuses of a column or row in a Basis.
const (
	AtLower  uint8 = 0 // nonbasic at its lower bound
	Basic    uint8 = 1
	AtUpper  uint8 = 2 // nonbasic at its upper bound
	AtZero   uint8 = 3 // nonbasic and free, at zero
	Nonbasic uint8 = 4 // nonbasic at a bound of the solver's choice
)

// Basis says of each column and row whether it is basic, and else at which bound. It is a value of one byte each, to be kept by the
// thousand in a search tree.
type Basis struct {
	Cols, Rows []uint8
}

// Basis returns the basis that the LP holds, and false where it holds none. The slices of reuse are used where they are long enough.
func (l *LP) Basis(reuse Basis) (Basis, bool) {
	if l.engine == nil || l.engine.infoInt("basis_validity") == 0 {
		return Basis{}, false
	}
	l.colCode, l.rowCode = slices.Grow(l.colCode[:0], l.n)[:l.n], slices.Grow(l.rowCode[:0], l.m)[:l.m]
	if l.engine.basis(l.colCode, l.rowCode) < 0 {
		return Basis{}, false
	}
	b := Basis{Cols: slices.Grow(reuse.Cols[:0], l.n)[:l.n], Rows: slices.Grow(reuse.Rows[:0], l.m)[:l.m]}
	for j, c := range l.colCode {
		b.Cols[j] = uint8(c)
	}
	for i, c := range l.rowCode {
		b.Rows[i] = uint8(c)
	}
	return b, true
}

// SetBasis makes the next solve start from b. Rows added since b was taken become basic and columns nonbasic. Errors are of type
// *ArrayError where b does not fit: more rows or columns than the LP has, an unknown status, or another number of basic ones than rows.
func (l *LP) SetBasis(b Basis) error {
	if err := l.ready(); err != nil {
		return err
	}
	if len(b.Cols) > l.n {
		return &ArrayError{"Cols", -1, fmt.Sprintf("has %d elements, the LP has %d columns", len(b.Cols), l.n)}
	}
	if len(b.Rows) > l.m {
		return &ArrayError{"Rows", -1, fmt.Sprintf("has %d elements, the LP has %d rows; rows were deleted since the basis was taken", len(b.Rows), l.m)}
	}
	l.colCode, l.rowCode = slices.Grow(l.colCode[:0], l.n)[:l.n], slices.Grow(l.rowCode[:0], l.m)[:l.m]
	basic, err := widen("Cols", l.colCode, b.Cols, Nonbasic)
	if err != nil {
		return err
	}
	more, err := widen("Rows", l.rowCode, b.Rows, Basic)
	if err != nil {
		return err
	}
	if basic += more; basic != l.m {
		return &ArrayError{"Basis", -1, fmt.Sprintf("has %d basic columns and rows, one for each of the %d rows is needed", basic, l.m)}
	}
	if l.engine.setBasis(l.colCode, l.rowCode) < 0 {
		return &CallError{Call: "setBasis"}
	}
	return nil
}

// widen copies statuses to codes, with pad for those beyond the end of s, and counts the basic ones.
func widen(name string, codes []int32, s []uint8, pad uint8) (basic int, err error) {
	for i := range codes {
		c := pad
		if i < len(s) {
			c = s[i]
		}
		if c > Nonbasic {
			return 0, &ArrayError{name, i, fmt.Sprintf("%d is no basis status", c)}
		}
		if c == Basic {
			basic++
		}
		codes[i] = int32(c)
	}
	return basic, nil
}

// BasicVariables writes into out, which has length NumRows, what is basic in each position of the basis: j >= 0 for column j, and -1-i for
// the slack of row i. The positions are those of TableauRow and InverseRow.
func (l *LP) BasicVariables(out []int32) error {
	if err := l.ready(); err != nil {
		return err
	}
	if len(out) != l.m {
		return lengthError("out", len(out), l.m)
	}
	if l.m > 0 && l.engine.basicVariables(out) < 0 {
		return &CallError{Call: "getBasicVariables", What: "there is no factored basis; solve the LP first"}
	}
	return nil
}

// TableauRow writes row i of B^-1 A into row, which has length NumCols, and returns the indices of its nonzeros. B has the column of A for
// each basic column and the unit vector of row i for each basic slack of row i; so with u = InverseRow(i), row = u'A, and every x satisfies
//
//	sum_j row_j x_j = sum_k u_k (A x)_k .
//
// The indices are valid until the next call on the LP. The LP must have been solved since it was last changed.
func (l *LP) TableauRow(i int, row []float64) ([]int32, error) {
	return l.basisRow("getReducedRow", i, row, l.n, l.engineRow)
}

// InverseRow writes row i of B^-1 into row, which has length NumRows, and returns the indices of its nonzeros. See TableauRow.
func (l *LP) InverseRow(i int, row []float64) ([]int32, error) {
	return l.basisRow("getBasisInverseRow", i, row, l.m, l.engineInverse)
}

func (l *LP) engineRow(i int, row []float64, index []int32) (int, int) {
	return l.engine.reducedRow(i, row, index)
}

func (l *LP) engineInverse(i int, row []float64, index []int32) (int, int) {
	return l.engine.inverseRow(i, row, index)
}

func (l *LP) basisRow(call string, i int, row []float64, want int, get func(int, []float64, []int32) (int, int)) ([]int32, error) {
	if err := l.ready(); err != nil {
		return nil, err
	}
	if len(row) != want {
		return nil, lengthError("row", len(row), want)
	}
	if i < 0 || i >= l.m {
		return nil, &ArrayError{"i", -1, fmt.Sprintf("%d is out of range [0, %d)", i, l.m)}
	}
	if need := max(l.n, l.m); cap(l.sparse) < need {
		l.sparse = make([]int32, need)
	}
	l.sparse = l.sparse[:cap(l.sparse)]
	n, code := get(i, row, l.sparse)
	if code < 0 {
		return nil, &CallError{Call: call, What: "there is no factored basis; solve the LP first"}
	}
	return l.sparse[:n], nil
}
