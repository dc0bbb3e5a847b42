package simplex

import (
	"math"
	"slices"
)

// Status is the outcome of a solve.
type Status uint8

// The outcomes.
const (
	Unknown        Status = iota // none could be proven, or the program is unbounded
	Optimal                      // the point and the duals prove each other
	Infeasible                   // a combination of the rows proves that there is no point
	IterationLimit               // the limit was reached first
)

// Tolerances: on a bound of a quantity, on the sign of a reduced cost, on what counts as an entry of the tableau, and the least pivot.
const (
	primalTol = 1e-9
	dualTol   = 1e-9
	dropTol   = 1e-13
	pivotTol  = 1e-7
)

// LP is a linear program with its tableau. It is not safe for concurrent use.
type LP struct {
	n, m     int
	cost     []float64
	offset   float64
	lo, hi   []float64 // by quantity
	start    []int32   // the rows
	index    []int32
	value    []float64
	t        [][]float64 // by place of a basic quantity, then place of a nonbasic one
	basic    []int32     // by place
	nonbasic []int32     // by place
	at       []int32     // by quantity: its place j where nonbasic, -1-i where basic
	up       []bool      // by quantity: at its upper bound, where nonbasic
	x        []float64   // by quantity
	d        []float64   // reduced costs by place of the nonbasic
	weight   []float64   // Devex, by place of the basic
	stale    bool        // the tableau is to be made anew from the rows
	fresh    bool        // it was made anew and has seen no pivot
	shifted  bool        // reduced costs in d were moved
	wanted   []bool      // by quantity, scratch: basic in the basis that is asked for
	iter     int
	mark     snapshot
	obj      float64
	y        []float64 // duals of the rows of the last answer
	r        []float64 // reduced costs of the columns of the last answer
	size     []float64 // scratch of n
	nz       []int32
	enter    []int32
	cand     []candidate
	flips    []int32
	moved    []float64 // scratch of ProvenPenalty: duals of the rows, reduced costs of the columns, and the size of what these are the sum of
	turned   []float64
	terms    []float64
	restCol  []bool  // by column: it rests; nil where nothing does
	restRow  []bool  // by row
	colPlace []int32 // by column and by row: the place in the basis of all rows; what rests comes last
	rowPlace []int32
	liveCols int // places of the tableau that do not rest
	liveRows int
}

// candidate is a nonbasic quantity that may enter: its place, the size of its reduced cost and of its entry in the row.
type candidate struct {
	j    int32
	d, a float64
}

// New makes an LP of n = len(cost) columns, with bounds by column and by row and the rows in compressed form: row i has the columns
// index[start[i]:start[i+1]]. The arrays are copied. All rows are basic at first.
func New(cost []float64, offset float64, colLower, colUpper, rowLower, rowUpper []float64, start, index []int32, value []float64) *LP {
	n, m := len(cost), len(rowLower)
	s := &LP{n: n, m: m, cost: slices.Clone(cost), offset: offset, lo: slices.Concat(colLower, rowLower), hi: slices.Concat(colUpper, rowUpper),
		start: slices.Clone(start), index: slices.Clone(index), value: slices.Clone(value), stale: true}
	s.nonbasic, s.d, s.r, s.size = make([]int32, n), make([]float64, n), make([]float64, n), make([]float64, n)
	s.x, s.up, s.at, s.wanted = make([]float64, n+m), make([]bool, n+m), make([]int32, n+m), make([]bool, n+m)
	for i := range m {
		s.wanted[n+i] = true
	}
	for q := range s.lo {
		s.lo[q], s.hi[q] = side(s.lo[q]), side(s.hi[q])
	}
	s.arrange()
	s.slack()
	return s
}

// NumCols is the number of columns.
func (s *LP) NumCols() int { return s.n }

// NumRows is the number of rows.
func (s *LP) NumRows() int { return s.m }

// Iterations is the number of pivots and flips of the last solve.
func (s *LP) Iterations() int { return s.iter }

// SetBounds sets the bounds of a quantity: of column q where q < NumCols, else of row q - NumCols.
func (s *LP) SetBounds(q int, lo, hi float64) {
	lo, hi = side(lo), side(hi)
	if s.rests(q) && (lo != s.lo[q] || hi != s.hi[q]) {
		s.wake()
	}
	s.lo[q], s.hi[q] = lo, hi
}

// infinite is the magnitude from which a bound is none.
const infinite = 1e20

// side is a bound, infinite where it is too large to be one.
func side(v float64) float64 {
	switch {
	case v >= infinite:
		return math.Inf(1)
	case v <= -infinite:
		return math.Inf(-1)
	}
	return v
}

// SetCost sets the cost of a column.
func (s *LP) SetCost(j int, c float64) { s.cost[j] = c }

// SetCoefficient sets the coefficient of a column in a row. The basis is kept, the tableau made anew.
func (s *LP) SetCoefficient(i, j int, v float64) {
	for k := s.start[i]; k < s.start[i+1]; k++ {
		if int(s.index[k]) == j {
			if s.value[k] != v {
				s.value[k] = v
				s.remake()
			}
			return
		}
	}
	if v == 0 {
		return
	}
	if s.rests(j) != s.rests(s.n+i) {
		s.wake()
	}
	at := int(s.start[i+1])
	s.index, s.value = slices.Insert(s.index, at, int32(j)), slices.Insert(s.value, at, v)
	for k := i + 1; k <= s.m; k++ {
		s.start[k]++
	}
	s.remake()
}

// AddRow appends a row; it is basic.
func (s *LP) AddRow(lo, hi float64, index []int32, value []float64) {
	for _, j := range index {
		if s.rests(int(j)) {
			s.wake()
		}
	}
	s.index, s.value = append(s.index, index...), append(s.value, value...)
	s.start = append(s.start, int32(len(s.index)))
	s.lo, s.hi = append(s.lo, side(lo)), append(s.hi, side(hi))
	s.x, s.up, s.wanted = append(s.x, 0), append(s.up, false), append(s.wanted, true)
	q := int32(s.n + s.m)
	s.at = append(s.at, int32(-1-len(s.basic)))
	s.basic, s.weight = append(s.basic, q), append(s.weight, 1)
	s.m++
	row := make([]float64, s.n)
	s.t = append(s.t, row)
	s.mark.valid = false
	last := s.m - 1
	if s.restRow != nil {
		s.restRow = append(s.restRow, false)
	}
	s.arrange()
	if p := s.liveRows - 1; p < last { // before what rests
		s.t[p], s.t[last] = s.t[last], s.t[p]
		s.basic[p], s.basic[last] = s.basic[last], s.basic[p]
		s.weight[p], s.weight[last] = s.weight[last], s.weight[p]
		s.places()
	}
	if s.stale {
		return
	}
	for k, j := range index {
		if p := s.at[j]; p >= 0 {
			row[p] += value[k]
			continue
		}
		for p, v := range s.t[-1-s.at[j]] {
			row[p] += value[k] * v
		}
	}
}

// DeleteRows deletes rows; those after them move up. Where one is not basic the basis becomes that of all rows.
func (s *LP) DeleteRows(rows []int32) {
	gone := make([]bool, s.m)
	allBasic := true
	for _, i := range rows {
		gone[i] = true
		allBasic = allBasic && s.at[s.n+int(i)] < 0
	}
	moved := make([]int32, s.n+s.m) // by quantity: its new number, -1 for what goes
	for j := range s.n {
		moved[j] = int32(j)
	}
	index, value, start, m := s.index[:0], s.value[:0], []int32{0}, 0
	for i := range s.m {
		q := s.n + i
		if gone[i] {
			moved[q] = -1
			continue
		}
		index, value = append(index, s.index[s.start[i]:s.start[i+1]]...), append(value, s.value[s.start[i]:s.start[i+1]]...)
		start = append(start, int32(len(index)))
		to := s.n + m
		moved[q] = int32(to)
		s.lo[to], s.hi[to], s.up[to], s.x[to] = s.lo[q], s.hi[q], s.up[q], s.x[q]
		m++
	}
	s.index, s.value, s.start, s.m = index, value, start, m
	if s.restRow != nil {
		kept := s.restRow[:0]
		for i, rests := range s.restRow {
			if !gone[i] {
				kept = append(kept, rests)
			}
		}
		s.restRow = kept
	}
	s.arrange()
	total := s.n + m
	s.lo, s.hi, s.up, s.x, s.at, s.wanted = s.lo[:total], s.hi[:total], s.up[:total], s.x[:total], s.at[:total], s.wanted[:total]
	s.mark.valid = false
	if !allBasic {
		s.slack()
		return
	}
	kept := 0
	for i, q := range s.basic {
		if to := moved[q]; to >= 0 {
			s.basic[kept], s.t[kept], s.weight[kept] = to, s.t[i], s.weight[i]
			kept++
		}
	}
	s.basic, s.t, s.weight = s.basic[:kept], s.t[:kept], s.weight[:kept]
	for j, q := range s.nonbasic {
		s.nonbasic[j] = moved[q]
	}
	s.places()
}

// places sets at from basic and nonbasic.
func (s *LP) places() {
	for i, q := range s.basic {
		s.at[q] = int32(-1 - i)
	}
	for j, q := range s.nonbasic {
		s.at[q] = int32(j)
	}
}

// Primal writes the values of the columns.
func (s *LP) Primal(x []float64) { copy(x, s.x[:s.n]) }

// Activity writes the values of the rows.
func (s *LP) Activity(v []float64) { copy(v, s.x[s.n:]) }

// Objective is, after Optimal, the value of the point or the bound of the duals, whichever is less; after IterationLimit it is the value of the
// dual, NaN where the basis is not dual feasible.
func (s *LP) Objective() float64 { return s.obj }

// Duals writes the duals of the rows after Optimal: the change of the objective for one unit more on the bound that holds.
func (s *LP) Duals(y []float64) { copy(y, s.y) }

// ReducedCosts writes those of the columns after Optimal.
func (s *LP) ReducedCosts(r []float64) { copy(r, s.r) }

// Arrays hands out the program: the costs, the bounds by quantity and the rows, which are not to be changed.
func (s *LP) Arrays() (cost []float64, offset float64, lo, hi []float64, start, index []int32, value []float64) {
	return s.cost, s.offset, s.lo, s.hi, s.start, s.index, s.value
}

func finite(v float64) bool { return !math.IsInf(v, 0) }
