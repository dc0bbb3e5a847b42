package stationarity

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// boxFeasibility is how far a quantity may be from its bounds.
const boxFeasibility = 1e-9

// denseLimit is the largest number of entries of a tableau here.
const denseLimit = 1 << 23

// SizeError says that a linear program is too large for the solver of this package.
type SizeError struct {
	Rows, Cols int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("stationarity: a linear program of %d rows and %d columns is too large for the built-in solver; use a binary with HiGHS", e.Rows, e.Cols)
}

// denseBox solves a boxLP by the dual simplex method with bound flips on a dense tableau. Quantities are numbered as the bounds of the
// boxLP. Since the columns are boxed, every quantity has finite bounds, implied ones for the rows, and any basis is dual feasible once
// each nonbasic quantity is at the bound that its reduced cost asks for.
//
// Source: the bound flipping ratio test, as in Maros, Computational Techniques of the Simplex Method (2003).
type denseBox struct {
	basic    []int32   // by row of the tableau
	nonbasic []int32   // by column
	t        []float64 // basic_i = Σ_j t[i*n+j] nonbasic_j
	cost     []float64 // reduced costs of the nonbasic quantities, slightly moved so that ties do not cycle
	truth    []float64 // the same of the true costs
	lo, hi   []float64 // by quantity
	atUpper  []bool    // by quantity, for nonbasic ones
	x        []float64 // by quantity
	has      []bool    // by row of the boxLP: it is in the tableau
	rows     int
	iter     int
	pivots   int // since the tableau was made
	order    []int
}

func newDenseBox(lp *boxLP) (*denseBox, error) {
	s := &denseBox{has: make([]bool, lp.m), lo: make([]float64, lp.n+lp.m), hi: make([]float64, lp.n+lp.m), atUpper: make([]bool, lp.n+lp.m),
		x: make([]float64, lp.n+lp.m), cost: make([]float64, lp.n), truth: make([]float64, lp.n)}
	for k := range lp.n + lp.m {
		s.hear(lp, k)
	}
	return s, s.rebuild(lp)
}

// hear takes over the bounds of a quantity.
func (s *denseBox) hear(lp *boxLP, k int) {
	lo, hi := lp.lower[k], lp.upper[k]
	if i := k - lp.n; i >= 0 {
		if (!math.IsInf(lo, -1) || !math.IsInf(hi, 1)) && !s.has[i] {
			s.has[i] = true
			s.pivots = -1 // the tableau lacks the row
		}
		reach := 1.0
		for e := lp.start[i]; e < lp.start[i+1]; e++ {
			reach += 1.01 * math.Abs(lp.value[e])
		}
		lo, hi = math.Max(lo, -reach-math.Max(0, lo)), math.Min(hi, reach-math.Min(0, hi))
	}
	s.lo[k], s.hi[k] = lo, hi
}

// rebuild makes the tableau in which all rows of the boxLP are basic.
func (s *denseBox) rebuild(lp *boxLP) error {
	s.basic, s.nonbasic = s.basic[:0], s.nonbasic[:0]
	for i, in := range s.has {
		if in {
			s.basic = append(s.basic, int32(lp.n+i))
		}
	}
	s.rows = len(s.basic)
	if s.rows*lp.n > denseLimit {
		return &SizeError{Rows: s.rows, Cols: lp.n}
	}
	s.t = slices.Grow(s.t[:0], s.rows*lp.n)[:s.rows*lp.n]
	clear(s.t)
	for i, k := range s.basic {
		for e := lp.start[int(k)-lp.n]; e < lp.start[int(k)-lp.n+1]; e++ {
			s.t[i*lp.n+int(lp.index[e])] += lp.value[e]
		}
	}
	size := 0.0
	for _, c := range lp.cost {
		size = math.Max(size, math.Abs(c))
	}
	state := uint64(0x9e3779b97f4a7c15)
	for j, c := range lp.cost {
		s.nonbasic = append(s.nonbasic, int32(j))
		state = state*6364136223846793005 + 1442695040888963407
		move := (1 + size) * 1e-10 * (1 + float64(state>>40)/(1<<24))
		if c < 0 {
			move = -move
		}
		s.cost[j], s.truth[j] = c+move, c
	}
	s.pivots = 0
	return nil
}

func (s *denseBox) solve(ctx context.Context, lp *boxLP, d, y []float64) (boxStatus, error) {
	for _, k := range lp.dirty {
		s.hear(lp, int(k))
		lp.isDirty[k] = false
	}
	lp.dirty = lp.dirty[:0]
	for k := range s.lo {
		if s.lo[k] > s.hi[k] {
			if s.lo[k] > s.hi[k]+1e-9 {
				return boxInfeasible, nil
			}
			s.lo[k] = s.hi[k]
		}
	}
	for try := 0; ; try++ {
		if s.pivots < 0 || s.pivots > 200+2*s.rows || try > 0 {
			if err := s.rebuild(lp); err != nil {
				return boxFailed, err
			}
		}
		status := s.run(ctx, lp.n)
		if status == boxStopped || try == 2 && status == boxFailed {
			return status, nil
		}
		if status == boxInfeasible && s.pivots < 200 {
			return status, nil
		}
		if status == boxOptimal {
			copy(d, s.x[:lp.n])
			if s.holds(lp, d) {
				break
			}
		}
		if try == 2 {
			return boxFailed, nil
		}
	}
	clear(y)
	for j, k := range s.nonbasic {
		if int(k) >= lp.n {
			y[int(k)-lp.n] = s.truth[j]
		}
	}
	return boxOptimal, nil
}

// holds checks a point against the rows themselves, not those of the tableau, and moves it into the box.
func (s *denseBox) holds(lp *boxLP, d []float64) bool {
	for j := range d {
		if d[j] < s.lo[j]-1e-8 || d[j] > s.hi[j]+1e-8 {
			return false
		}
		d[j] = math.Min(math.Max(d[j], s.lo[j]), s.hi[j])
	}
	for i := range lp.m {
		if s.has[i] {
			if v := lp.along(i, d); v < s.lo[lp.n+i]-1e-8 || v > s.hi[lp.n+i]+1e-8 {
				return false
			}
		}
	}
	return true
}

// run is the dual simplex method.
func (s *denseBox) run(ctx context.Context, n int) boxStatus {
	limit := 1000 + 50*(s.rows+n)
	for range limit {
		if s.iter%32 == 0 && ctx.Err() != nil {
			return boxStopped
		}
		s.iter++
		s.place(n)
		leave, gap := -1, boxFeasibility
		for i, k := range s.basic {
			if v := math.Max(s.lo[k]-s.x[k], s.x[k]-s.hi[k]); v > gap {
				leave, gap = i, v
			}
		}
		if leave < 0 {
			return boxOptimal
		}
		enter := s.ratio(leave, gap, n)
		if enter < 0 {
			return boxInfeasible
		}
		k := s.basic[leave]
		s.atUpper[k] = s.x[k] > s.hi[k]
		s.pivot(leave, enter, n)
	}
	return boxFailed
}

// place puts nonbasic quantities at the bounds that their reduced costs ask for and computes the basic ones.
func (s *denseBox) place(n int) {
	for j, k := range s.nonbasic {
		switch c := s.cost[j]; {
		case c > 0:
			s.atUpper[k] = false
		case c < 0:
			s.atUpper[k] = true
		}
		s.x[k] = s.lo[k]
		if s.atUpper[k] {
			s.x[k] = s.hi[k]
		}
	}
	for i, k := range s.basic {
		v := 0.0
		for j, t := range s.t[i*n : (i+1)*n] {
			if t != 0 {
				v += t * s.x[s.nonbasic[j]]
			}
		}
		s.x[k] = v
	}
}

// ratio chooses the column that enters for a basic quantity that misses its bound by gap: the first one at which flipping all before it
// to their other bounds closes the gap. -1: no flips close it.
func (s *denseBox) ratio(leave int, gap float64, n int) int {
	row := s.t[leave*n : (leave+1)*n]
	k := s.basic[leave]
	up := s.x[k] < s.lo[k]
	s.order = s.order[:0]
	for j, t := range row {
		q := s.nonbasic[j]
		if math.Abs(t) > 1e-9 && s.lo[q] < s.hi[q] && (t > 0) == (up != s.atUpper[q]) {
			s.order = append(s.order, j)
		}
	}
	quotient := func(j int) float64 { return math.Abs(s.cost[j]) / math.Abs(row[j]) }
	slices.SortFunc(s.order, func(a, b int) int {
		qa, qb := quotient(a), quotient(b)
		switch {
		case qa < qb:
			return -1
		case qa > qb:
			return 1
		}
		return a - b
	})
	for at := 0; at < len(s.order); {
		// Quotients that are as good as equal: of these the largest entry is the most stable one.
		end, largest, closes := at, s.order[at], 0.0
		for end < len(s.order) && quotient(s.order[end]) <= quotient(s.order[at])+1e-13 {
			j := s.order[end]
			q := s.nonbasic[j]
			closes += math.Abs(row[j]) * (s.hi[q] - s.lo[q])
			if math.Abs(row[j]) > math.Abs(row[largest]) {
				largest = j
			}
			end++
		}
		if gap -= closes; gap <= boxFeasibility {
			return largest
		}
		at = end
	}
	return -1
}

// pivot exchanges a basic and a nonbasic quantity.
func (s *denseBox) pivot(leave, enter, n int) {
	row := s.t[leave*n : (leave+1)*n]
	p := row[enter]
	for j := range row {
		row[j] /= -p
	}
	row[enter] = 1 / p
	add := func(to []float64) {
		f := to[enter]
		if f == 0 {
			return
		}
		to[enter] = 0
		for j, v := range row {
			to[j] += f * v
		}
	}
	for i := range s.basic {
		if i != leave {
			add(s.t[i*n : (i+1)*n])
		}
	}
	add(s.cost)
	add(s.truth)
	s.basic[leave], s.nonbasic[enter] = s.nonbasic[enter], s.basic[leave]
	s.pivots++
}

func (s *denseBox) iterations() int  { return s.iter }
func (s *denseBox) basis() *boxBasis { return nil }
func (s *denseBox) start(*boxBasis)  {}
func (s *denseBox) close()           {}
