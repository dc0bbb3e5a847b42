package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Side is one side of a row or of a column's bounds: its lower or its upper one.
type Side struct {
	Index int32
	Upper bool
}

// IIS is an infeasible subset of an LP: sides of rows and column bounds that cannot hold together. It is irreducible where Irreducible is
// set: without any one of them the others can.
type IIS struct {
	Rows, Cols  []Side // by index, lower before upper
	Irreducible bool   // false where the solver could not decide about some member, or the context was done; the subset is infeasible still
}

// ErrFeasible is the cause of the error from FindIIS for an LP that is not infeasible.
var ErrFeasible = errors.New("the LP is not infeasible")

// IIS is FindIIS for the LP as it stands. The LP itself is not touched.
func (l *LP) IIS(ctx context.Context) (*IIS, error) {
	a, err := l.Arrays()
	if err != nil {
		return nil, err
	}
	return FindIIS(ctx, a)
}

// FindIIS finds an irreducible infeasible subset of the rows and column bounds of an infeasible LP (integrality and a quadratic part are
// left out of account), by the deletion filter: each side in turn is relaxed for good if the rest stays infeasible. Sides that the
// Farkas weights of the last infeasible LP do not use are relaxed at once, so that most LPs need few solves. Where ctx is done first, the
// subset found so far is returned with the context's error.
//
// Source: Chinneck and Dravnieks, Locating minimal infeasible constraint sets in linear programs, ORSA J. Computing 3 (1991).
func FindIIS(ctx context.Context, a *Arrays) (*IIS, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	if iis := a.contradictionIIS(); iis != nil {
		return iis, nil
	}
	f := &filter{work: *a}
	f.work.Cost, f.work.Offset, f.work.Integer = make([]float64, a.NumCols()), 0, nil
	f.work.QStart, f.work.QIndex, f.work.QValue = nil, nil, nil
	l, err := NewLP(&f.work, LPOptions{})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	f.lp = l
	f.rowLower, f.rowUpper = append([]float64(nil), a.RowLower...), append([]float64(nil), a.RowUpper...)
	f.colLower, f.colUpper = append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
	return f.run(ctx)
}

// contradictionIIS is the subset for an LP in which a row without entries, a pair of bounds or a single infinite bound cannot hold, else nil.
func (a *Arrays) contradictionIIS() *IIS {
	both := func(i int, lower, upper []float64) []Side {
		switch {
		case lower[i] >= infinite:
			return []Side{{int32(i), false}}
		case upper[i] <= -infinite:
			return []Side{{int32(i), true}}
		case lower[i] > upper[i]:
			return []Side{{int32(i), false}, {int32(i), true}}
		}
		return nil
	}
	for j := range a.ColLower {
		if s := both(j, a.ColLower, a.ColUpper); s != nil {
			return &IIS{Cols: s, Irreducible: true}
		}
	}
	for i := range a.RowLower {
		if s := both(i, a.RowLower, a.RowUpper); s != nil {
			return &IIS{Rows: s, Irreducible: true}
		}
		if a.Start[i] == a.Start[i+1] && (a.RowLower[i] > 0 || a.RowUpper[i] < 0) {
			return &IIS{Rows: []Side{{int32(i), a.RowUpper[i] < 0}}, Irreducible: true}
		}
	}
	return nil
}

// filter is the state of a deletion filter: the bounds that are left.
type filter struct {
	lp                 *LP
	work               Arrays
	rowLower, rowUpper []float64
	colLower, colUpper []float64
	undecided          bool
}

func (f *filter) run(ctx context.Context) (*IIS, error) {
	infeasible, err := f.infeasible(ctx)
	if err != nil {
		return nil, err
	}
	if !infeasible {
		return nil, &CallError{Call: "FindIIS", What: fmt.Sprintf("the LP is %v", f.lp.status), Err: ErrFeasible}
	}
	if err := f.keepFarkas(ctx); err != nil {
		return f.result(false), err
	}
	for i := range f.rowLower {
		if err := f.try(ctx, true, i); err != nil {
			return f.result(false), err
		}
	}
	for j := range f.colLower {
		if err := f.try(ctx, false, j); err != nil {
			return f.result(false), err
		}
	}
	return f.result(!f.undecided), nil
}

// infeasible solves what is left. An LP that the solver cannot decide counts as not infeasible.
func (f *filter) infeasible(ctx context.Context) (bool, error) {
	s, err := f.lp.SolveRobust(ctx)
	switch {
	case err != nil:
		return false, err
	case ctx.Err() != nil && (s == Interrupted || s == TimeLimit):
		return false, ctx.Err()
	case s != Infeasible && s != Optimal && s != Unbounded:
		f.undecided = true
	}
	return s == Infeasible, nil
}

// try relaxes the lower and then the upper side of a row or column, for good where the rest is infeasible without it.
func (f *filter) try(ctx context.Context, row bool, i int) error {
	lower, upper := f.colLower, f.colUpper
	if row {
		lower, upper = f.rowLower, f.rowUpper
	}
	for _, side := range []*float64{&lower[i], &upper[i]} {
		value := *side
		if math.Abs(value) >= infinite {
			continue
		}
		*side = math.Copysign(math.Inf(1), -1)
		if side == &upper[i] {
			*side = math.Inf(1)
		}
		f.set(row, i)
		infeasible, err := f.infeasible(ctx)
		if !infeasible || err != nil {
			*side = value
			f.set(row, i)
			if err != nil {
				return err
			}
			continue
		}
		if err := f.keepFarkas(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (f *filter) set(row bool, i int) {
	if row {
		f.lp.ChangeRowBounds([]int32{int32(i)}, f.rowLower[i:i+1], f.rowUpper[i:i+1])
	} else {
		f.lp.ChangeColBounds([]int32{int32(i)}, f.colLower[i:i+1], f.colUpper[i:i+1])
	}
}

// keepFarkas relaxes all sides that the Farkas weights of the LP just solved do not use, and takes that back where the rest
// turns out not to be infeasible to working accuracy.
func (f *filter) keepFarkas(ctx context.Context) error {
	y, ok := f.lp.DualRay()
	if !ok {
		return nil
	}
	before := [4][]float64{}
	now := [4]*[]float64{&f.rowLower, &f.rowUpper, &f.colLower, &f.colUpper}
	for k, s := range now {
		before[k] = append([]float64(nil), *s...)
	}
	largest := 0.0
	for _, v := range y {
		largest = max(largest, math.Abs(v))
	}
	combined, size := make([]float64, len(f.colLower)), make([]float64, len(f.colLower))
	changed := false
	relax := func(lower, upper []float64, i int, weight float64) {
		if weight <= 0 && lower[i] > -infinite {
			lower[i], changed = math.Inf(-1), true
		}
		if weight >= 0 && upper[i] < infinite {
			upper[i], changed = math.Inf(1), true
		}
	}
	for i, v := range y {
		if math.Abs(v) <= 1e-12*largest {
			v = 0
		}
		relax(f.rowLower, f.rowUpper, i, v)
		for k := f.work.Start[i]; k < f.work.Start[i+1]; k++ {
			combined[f.work.Index[k]] += v * f.work.Value[k]
			size[f.work.Index[k]] += math.Abs(v * f.work.Value[k])
		}
	}
	for j, v := range combined {
		if math.Abs(v) <= 1e-11*size[j] {
			v = 0
		}
		relax(f.colLower, f.colUpper, j, -v) // the proof needs y'A x bounded from above: upper bounds where the weight is positive
	}
	if !changed {
		return nil
	}
	f.setAll()
	infeasible, err := f.infeasible(ctx)
	if infeasible {
		return err
	}
	for k, s := range now {
		copy(*s, before[k])
	}
	f.setAll()
	return err
}

func (f *filter) setAll() {
	f.lp.ChangeRowBounds(sequence(len(f.rowLower)), f.rowLower, f.rowUpper)
	f.lp.ChangeColBounds(sequence(len(f.colLower)), f.colLower, f.colUpper)
}

func sequence(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

// result lists the sides that are left.
func (f *filter) result(irreducible bool) *IIS {
	list := func(lower, upper []float64) (sides []Side) {
		for i := range lower {
			if lower[i] > -infinite {
				sides = append(sides, Side{int32(i), false})
			}
			if upper[i] < infinite {
				sides = append(sides, Side{int32(i), true})
			}
		}
		return sides
	}
	return &IIS{Rows: list(f.rowLower, f.rowUpper), Cols: list(f.colLower, f.colUpper), Irreducible: irreducible}
}
