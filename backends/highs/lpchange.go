package highs

import "fmt"

func formatLengths(got, want int) string {
	return fmt.Sprintf("has %d elements, %d are needed", got, want)
}

// ChangeColBounds sets the bounds of the columns index to lower and upper, in any order, each column at most once. The basis is
// kept. Errors are of type *ArrayError; nothing is changed then.
func (l *LP) ChangeColBounds(index []int32, lower, upper []float64) error {
	if err := l.checkSet(index, l.n, lower, upper); err != nil || len(index) == 0 {
		return err
	}
	if l.engine.changeColBounds(index, lower, upper) < 0 {
		return &CallError{Call: "changeColsBoundsBySet", What: "an index stands twice?"}
	}
	return nil
}

// ChangeRowBounds is ChangeColBounds for rows.
func (l *LP) ChangeRowBounds(index []int32, lower, upper []float64) error {
	if err := l.checkSet(index, l.m, lower, upper); err != nil || len(index) == 0 {
		return err
	}
	if l.engine.changeRowBounds(index, lower, upper) < 0 {
		return &CallError{Call: "changeRowsBoundsBySet", What: "an index stands twice?"}
	}
	return nil
}

func (l *LP) checkSet(index []int32, limit int, lower, upper []float64) error {
	if err := l.ready(); err != nil {
		return err
	}
	if err := checkIndices(index, limit); err != nil {
		return err
	}
	if len(lower) != len(index) {
		return lengthError("lower", len(lower), len(index))
	}
	if err := checkBounds("lower", "upper", lower, upper); err != nil {
		return err
	}
	return checkSide("lower", "upper", lower, upper)
}

func checkIndices(index []int32, limit int) error {
	for k, i := range index {
		if i < 0 || int(i) >= limit {
			return &ArrayError{"index", k, fmt.Sprintf("%d is out of range [0, %d)", i, limit)}
		}
	}
	return nil
}

// ChangeCosts sets the costs, as declared, of the columns index, each at most once. The basis is kept.
func (l *LP) ChangeCosts(index []int32, cost []float64) error {
	if err := l.ready(); err != nil {
		return err
	}
	if err := checkIndices(index, l.n); err != nil {
		return err
	}
	if len(cost) != len(index) {
		return lengthError("cost", len(cost), len(index))
	}
	if err := checkFinite("cost", cost, infinite); err != nil || len(index) == 0 {
		return err
	}
	if l.sign < 0 {
		cost = negated(cost)
	}
	if l.engine.changeCosts(index, cost) < 0 {
		return &CallError{Call: "changeColsCostBySet", What: "an index stands twice?"}
	}
	return nil
}

// ChangeOffset sets the constant term of the objective, as declared.
func (l *LP) ChangeOffset(offset float64) error {
	if err := l.ready(); err != nil {
		return err
	}
	if err := checkFinite("offset", []float64{offset}, infinite); err != nil {
		return err
	}
	if l.engine.changeOffset(l.sign*offset) < 0 {
		return &CallError{Call: "changeObjectiveOffset"}
	}
	return nil
}

// ChangeCoefficient sets the coefficient of a column in a row. The basis is kept.
func (l *LP) ChangeCoefficient(row, col int, v float64) error {
	if err := l.ready(); err != nil {
		return err
	}
	if row < 0 || row >= l.m {
		return &ArrayError{"row", -1, fmt.Sprintf("%d is out of range [0, %d)", row, l.m)}
	}
	if col < 0 || col >= l.n {
		return &ArrayError{"col", -1, fmt.Sprintf("%d is out of range [0, %d)", col, l.n)}
	}
	if err := checkFinite("v", []float64{v}, largest); err != nil {
		return err
	}
	if l.engine.changeCoefficient(row, col, v) < 0 {
		return &CallError{Call: "changeCoeff"}
	}
	return nil
}

// AddRows appends the rows lower <= A x <= upper, A by rows as in Arrays: start has one element more than there are rows. Their slacks
// are basic, so that the basis is kept.
func (l *LP) AddRows(lower, upper []float64, start, index []int32, value []float64) error {
	if err := l.checkVectors(lower, upper, start, index, value, l.n); err != nil || len(lower) == 0 {
		return err
	}
	if l.engine.addRows(lower, upper, start, index, value) < 0 {
		return &CallError{Call: "addRows", What: fmt.Sprintf("%d rows", len(lower))}
	}
	l.m += len(lower)
	return nil
}

// AddCols appends columns with their costs, as declared, and bounds. The matrix is given by columns: column j of the new ones holds rows
// index[start[j]:start[j+1]]. They are nonbasic, so that the basis is kept.
func (l *LP) AddCols(cost, lower, upper []float64, start, index []int32, value []float64) error {
	if err := l.checkVectors(lower, upper, start, index, value, l.m); err != nil {
		return err
	}
	if len(cost) != len(lower) {
		return lengthError("cost", len(cost), len(lower))
	}
	if err := checkFinite("cost", cost, infinite); err != nil || len(cost) == 0 {
		return err
	}
	if l.sign < 0 {
		cost = negated(cost)
	}
	if l.engine.addCols(cost, lower, upper, start, index, value) < 0 {
		return &CallError{Call: "addCols", What: fmt.Sprintf("%d columns", len(cost))}
	}
	l.n += len(cost)
	return nil
}

func (l *LP) checkVectors(lower, upper []float64, start, index []int32, value []float64, minor int) error {
	if err := l.ready(); err != nil {
		return err
	}
	if err := checkBounds("lower", "upper", lower, upper); err != nil {
		return err
	}
	if err := checkSide("lower", "upper", lower, upper); err != nil {
		return err
	}
	return checkMatrix(len(lower), minor, start, index, value)
}

// DeleteRows deletes the rows index, each given once; the rows after them move up. The basis is kept where the deleted
// rows were slack (their slacks basic), as purged cuts are; else the next solve starts from what is left of it.
func (l *LP) DeleteRows(index []int32) error {
	if err := l.ready(); err != nil {
		return err
	}
	if err := checkIndices(index, l.m); err != nil || len(index) == 0 {
		return err
	}
	if l.engine.deleteRows(index) < 0 {
		return &CallError{Call: "deleteRowsBySet", What: "an index stands twice?"}
	}
	l.m -= len(index)
	return nil
}

// Arrays copies the LP as it stands, changes included.
func (l *LP) Arrays() (*Arrays, error) {
	if err := l.ready(); err != nil {
		return nil, err
	}
	nz := l.engine.numNonzeros()
	a := &Arrays{
		Maximize: l.sign < 0,
		Cost:     make([]float64, l.n), ColLower: make([]float64, l.n), ColUpper: make([]float64, l.n),
		RowLower: make([]float64, l.m), RowUpper: make([]float64, l.m),
		Start: make([]int32, l.m+1), Index: make([]int32, nz), Value: make([]float64, nz),
	}
	if l.engine.lp(a) < 0 {
		return nil, &CallError{Call: "getLp"}
	}
	a.Start[l.m] = int32(nz)
	if l.sign < 0 {
		a.Cost, a.Offset = negated(a.Cost), -a.Offset
	}
	return a, nil
}
