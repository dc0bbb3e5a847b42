package highs

import (
	"fmt"
	"math"
)

// Arrays is a problem as the solver takes it, n columns and m rows:
//
//	min or max  1/2 x'Qx + Cost'x + Offset
//	s.t.        RowLower <= A x <= RowUpper,  ColLower <= x <= ColUpper,  x_j integer where Integer[j].
//
// A is stored by rows: row i holds columns Index[Start[i]:Start[i+1]] with coefficients Value[Start[i]:Start[i+1]], each column at most once.
// Q is symmetric and its lower triangle is stored by columns: column j holds rows QIndex[QStart[j]:QStart[j+1]], each >= j and at
// most once. Infinite bounds are math.Inf(1) and math.Inf(-1); the solver takes magnitudes of 1e20 and more as infinite as well, and drops
// coefficients of A below 1e-12. The slices are handed to the solver as they are and are not changed or kept.
type Arrays struct {
	Maximize bool
	Offset   float64

	Cost, ColLower, ColUpper []float64 // n each
	RowLower, RowUpper       []float64 // m each

	Start []int32 // m+1; may be nil where m is 0
	Index []int32
	Value []float64

	Integer []bool // n, or nil: no integer column

	QStart []int32 // n+1, or nil: no quadratic part
	QIndex []int32
	QValue []float64
}

// NumCols is the number of columns, n.
func (a *Arrays) NumCols() int { return len(a.Cost) }

// NumRows is the number of rows, m.
func (a *Arrays) NumRows() int { return len(a.RowLower) }

// IsMIP reports whether a column is integer.
func (a *Arrays) IsMIP() bool {
	for _, integer := range a.Integer {
		if integer {
			return true
		}
	}
	return false
}

// IsQP reports whether the objective has a quadratic part.
func (a *Arrays) IsQP() bool { return len(a.QValue) > 0 }

// sign is 1 for a minimisation and -1 for a maximisation: all problems are minimised inside.
func (a *Arrays) sign() float64 {
	if a.Maximize {
		return -1
	}
	return 1
}

// ArrayError says what is wrong with an array handed to this package.
type ArrayError struct {
	Array  string // name of the array, as the field or parameter is called
	Index  int    // position in it, -1 where the array as a whole is wrong
	Reason string
}

func (e *ArrayError) Error() string {
	if e.Index < 0 {
		return fmt.Sprintf("highs: %s: %s", e.Array, e.Reason)
	}
	return fmt.Sprintf("highs: %s[%d]: %s", e.Array, e.Index, e.Reason)
}

// largest is the magnitude from which the solver refuses a coefficient.
const largest = 1e15

// Check returns nil where the arrays fit each other and hold numbers that the solver takes, else an *ArrayError. Contradicting
// bounds are not an error: the problem is infeasible. It takes O(n + m + nonzeros).
func (a *Arrays) Check() error {
	n, m := a.NumCols(), a.NumRows()
	for _, s := range []struct {
		name      string
		got, want int
	}{{"ColLower", len(a.ColLower), n}, {"ColUpper", len(a.ColUpper), n}, {"RowUpper", len(a.RowUpper), m}} {
		if s.got != s.want {
			return &ArrayError{s.name, -1, fmt.Sprintf("has %d elements, %d are needed", s.got, s.want)}
		}
	}
	if a.Integer != nil && len(a.Integer) != n {
		return &ArrayError{"Integer", -1, fmt.Sprintf("has %d elements, %d or none are needed", len(a.Integer), n)}
	}
	if math.IsNaN(a.Offset) || math.IsInf(a.Offset, 0) {
		return &ArrayError{"Offset", -1, fmt.Sprintf("is %v, not a finite number", a.Offset)}
	}
	if err := checkFinite("Cost", a.Cost, 1e20); err != nil {
		return err
	}
	if err := checkBounds("ColLower", "ColUpper", a.ColLower, a.ColUpper); err != nil {
		return err
	}
	if err := checkBounds("RowLower", "RowUpper", a.RowLower, a.RowUpper); err != nil {
		return err
	}
	if m > 0 || len(a.Value) > 0 {
		if err := checkMatrix(m, n, a.Start, a.Index, a.Value); err != nil {
			return err
		}
	}
	return a.checkQuadratic()
}

func (a *Arrays) checkQuadratic() error {
	if len(a.QStart) == 0 && len(a.QIndex) == 0 && len(a.QValue) == 0 {
		return nil
	}
	n := a.NumCols()
	if err := checkMatrix(n, n, a.QStart, a.QIndex, a.QValue); err != nil {
		e := err.(*ArrayError)
		e.Array = "Q" + e.Array
		return e
	}
	for j := range n {
		for k := a.QStart[j]; k < a.QStart[j+1]; k++ {
			if int(a.QIndex[k]) < j {
				return &ArrayError{"QIndex", int(k), fmt.Sprintf("row %d lies above the diagonal in column %d; only the lower triangle is stored", a.QIndex[k], j)}
			}
		}
	}
	return nil
}

// checkMatrix checks a matrix of major vectors with indices below minor.
func checkMatrix(major, minor int, start, index []int32, value []float64) error {
	if len(start) != major+1 {
		return &ArrayError{"Start", -1, fmt.Sprintf("has %d elements, %d are needed", len(start), major+1)}
	}
	if len(index) != len(value) {
		return &ArrayError{"Index", -1, fmt.Sprintf("has %d elements, Value has %d", len(index), len(value))}
	}
	if start[0] != 0 || int(start[major]) != len(value) {
		return &ArrayError{"Start", -1, fmt.Sprintf("runs from %d to %d, must run from 0 to the %d elements of Value", start[0], start[major], len(value))}
	}
	for i := range major {
		if start[i+1] < start[i] {
			return &ArrayError{"Start", i + 1, fmt.Sprintf("%d is less than the element before it, %d", start[i+1], start[i])}
		}
	}
	seen := make([]int32, minor) // seen[j] is 1 + the last vector that holds index j
	for i := range major {
		for k := start[i]; k < start[i+1]; k++ {
			j := index[k]
			if j < 0 || int(j) >= minor {
				return &ArrayError{"Index", int(k), fmt.Sprintf("%d is out of range [0, %d)", j, minor)}
			}
			if seen[j] == int32(i)+1 {
				return &ArrayError{"Index", int(k), fmt.Sprintf("%d stands twice in vector %d", j, i)}
			}
			seen[j] = int32(i) + 1
		}
	}
	return checkFinite("Value", value, largest)
}

func checkFinite(name string, v []float64, limit float64) error {
	for i, x := range v {
		if !(math.Abs(x) < limit) {
			return &ArrayError{name, i, fmt.Sprintf("is %v; its magnitude must be below %g", x, limit)}
		}
	}
	return nil
}

func checkBounds(lowerName, upperName string, lower, upper []float64) error {
	if len(lower) != len(upper) {
		return &ArrayError{upperName, -1, fmt.Sprintf("has %d elements, %s has %d", len(upper), lowerName, len(lower))}
	}
	for i := range lower {
		switch {
		case math.IsNaN(lower[i]):
			return &ArrayError{lowerName, i, "is not a number"}
		case math.IsNaN(upper[i]):
			return &ArrayError{upperName, i, "is not a number"}
		}
	}
	return nil
}

// contradiction reports whether some bounds admit no value at all. The solver refuses infinite bounds on the wrong side, so these
// are answered before it is asked.
func contradiction(lower, upper []float64) bool {
	for i := range lower {
		if lower[i] > upper[i] || lower[i] >= infinite || upper[i] <= -infinite {
			return true
		}
	}
	return false
}

// infinite is the magnitude from which the solver takes a bound as infinite.
const infinite = 1e20

func negated(v []float64) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = -x
	}
	return w
}
