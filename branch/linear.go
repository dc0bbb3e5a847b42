package branch

import (
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/branch/simplex"
)

// smallLP is the number of entries, rows times columns, up to which an LP is solved by package simplex: a dense tableau of that size is
// gone through in the time that HiGHS needs to set out. Tests change it.
var smallLP = 65000

// linear is the persistent LP of a search: a small one that is solved by package simplex, or one in HiGHS. What the small solver cannot prove
// HiGHS is asked, from the same basis; where that happens often the LP moves there for good. The methods are those of highs.LP.
type linear struct {
	small   *simplex.LP // nil where the LP is in HiGHS
	far     *highs.LP   // the LP, or where small is not nil that of the last answer; nil where small gave it
	opt     highs.LPOptions
	limit   int // of iterations
	iter    int
	state   highs.Status
	current bool // small has found the optimum of the LP as it is
	asked   int  // solves
	lost    int  // of these those that small could not prove
}

// newLinear hands an LP to the solver that suits its size.
func newLinear(a *highs.Arrays, opt highs.LPOptions) (*linear, error) {
	l := &linear{opt: opt, limit: opt.IterationLimit}
	if n, m := len(a.Cost), len(a.RowLower); n == 0 || m == 0 || n*m > smallLP || a.Maximize {
		var err error
		l.far, err = highs.NewLP(a, opt)
		return l, err
	}
	l.small = simplex.New(a.Cost, a.Offset, a.ColLower, a.ColUpper, a.RowLower, a.RowUpper, a.Start, a.Index, a.Value)
	return l, nil
}

// Close frees the solver's memory.
func (l *linear) Close() error {
	if l.far == nil {
		return nil
	}
	return l.far.Close()
}

// change is called before the LP changes: an answer of HiGHS about a small LP is over.
func (l *linear) change() {
	l.current = false
	if l.small != nil && l.far != nil {
		_ = l.far.Close()
		l.far, l.state = nil, highs.Unknown
	}
}

// copyFar makes an LP of HiGHS of the small one, with its basis.
func (l *linear) copyFar() (*highs.LP, error) {
	cost, offset, lo, hi, start, index, value := l.small.Arrays()
	n := len(cost)
	far, err := highs.NewLP(&highs.Arrays{Offset: offset, Cost: cost, ColLower: lo[:n], ColUpper: hi[:n], RowLower: lo[n:], RowUpper: hi[n:],
		Start: start, Index: index, Value: value}, l.opt)
	if err != nil {
		return nil, err
	}
	if b, ok := l.Basis(highs.Basis{}); ok {
		_ = far.SetBasis(b) // where it is refused the LP starts from scratch
	}
	return far, far.SetIterationLimit(l.limit)
}

// settle moves the LP to HiGHS for good.
func (l *linear) settle() error {
	if l.small == nil {
		return nil
	}
	if l.far == nil {
		var err error
		if l.far, err = l.copyFar(); err != nil {
			return err
		}
	}
	l.small = nil
	return nil
}

func (l *linear) NumCols() int {
	if l.small != nil {
		return l.small.NumCols()
	}
	return l.far.NumCols()
}

func (l *linear) NumRows() int {
	if l.small != nil {
		return l.small.NumRows()
	}
	return l.far.NumRows()
}

// Options are the settings.
func (l *linear) Options() highs.LPOptions { return l.opt }

func (l *linear) ChangeColBounds(index []int32, lower, upper []float64) error {
	if l.small == nil {
		return l.far.ChangeColBounds(index, lower, upper)
	}
	l.change()
	for k, j := range index {
		l.small.SetBounds(int(j), lower[k], upper[k])
	}
	return nil
}

func (l *linear) ChangeRowBounds(index []int32, lower, upper []float64) error {
	if l.small == nil {
		return l.far.ChangeRowBounds(index, lower, upper)
	}
	l.change()
	n := l.small.NumCols()
	for k, i := range index {
		l.small.SetBounds(n+int(i), lower[k], upper[k])
	}
	return nil
}

func (l *linear) ChangeCosts(index []int32, cost []float64) error {
	if l.small == nil {
		return l.far.ChangeCosts(index, cost)
	}
	l.change()
	for k, j := range index {
		l.small.SetCost(int(j), cost[k])
	}
	return nil
}

func (l *linear) ChangeCoefficient(row, col int, v float64) error {
	if l.small == nil {
		return l.far.ChangeCoefficient(row, col, v)
	}
	l.change()
	l.small.SetCoefficient(row, col, v)
	return nil
}

func (l *linear) AddRows(lower, upper []float64, start, index []int32, value []float64) error {
	if l.small != nil && (l.small.NumRows()+len(lower))*l.small.NumCols() > smallLP*3/2 {
		if err := l.settle(); err != nil {
			return err
		}
	}
	if l.small == nil {
		return l.far.AddRows(lower, upper, start, index, value)
	}
	l.change()
	for i := range lower {
		l.small.AddRow(lower[i], upper[i], index[start[i]:start[i+1]], value[start[i]:start[i+1]])
	}
	return nil
}

func (l *linear) AddCols(cost, lower, upper []float64, start, index []int32, value []float64) error {
	if err := l.settle(); err != nil {
		return err
	}
	return l.far.AddCols(cost, lower, upper, start, index, value)
}

func (l *linear) DeleteRows(index []int32) error {
	if l.small == nil {
		return l.far.DeleteRows(index)
	}
	l.change()
	l.small.DeleteRows(index)
	return nil
}

func (l *linear) SetIterationLimit(n int) error {
	l.limit = n
	if l.far != nil {
		return l.far.SetIterationLimit(n)
	}
	return nil
}
