package branch

import (
	"errors"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/backends/highs"
)

// tableau reads rows of the simplex tableau of a solved LP in terms of the distances of nonbasic variables from their bounds.
type tableau struct {
	r        *relaxation
	n, m     int
	basis    highs.Basis
	colPlace []int32 // by column: its place in the basis, -1 where nonbasic
	rowPlace []int32
	row      []float64
	inverse  []float64
	list     []entry
	acc      []float64 // by column: the cut under construction
	used     []int32
	inUse    []bool
}

var errNoBasis = errors.New("the LP holds no basis")

// entry is the rate at which something grows with the distance of a nonbasic column (v < n) or row (v - n) from its bound.
type entry struct {
	v    int32
	rate float64
}

func newTableau(r *relaxation) (*tableau, error) {
	t := &tableau{r: r, n: r.lp.NumCols(), m: r.lp.NumRows()}
	var ok bool
	if t.basis, ok = r.lp.Basis(highs.Basis{}); !ok {
		return nil, errNoBasis
	}
	places := make([]int32, t.m)
	if err := r.lp.BasicVariables(places); err != nil {
		return nil, err
	}
	t.colPlace, t.rowPlace = slices.Repeat([]int32{-1}, t.n), slices.Repeat([]int32{-1}, t.m)
	for i, b := range places {
		if b >= 0 {
			t.colPlace[b] = int32(i)
		} else {
			t.rowPlace[-1-b] = int32(i)
		}
	}
	t.row, t.inverse = make([]float64, t.n), make([]float64, t.m)
	t.acc, t.inUse = make([]float64, t.n), make([]bool, t.n)
	return t, nil
}

// bounds of a column (v < n) or row.
func (t *tableau) bounds(v int32) (lo, hi float64) {
	switch {
	case int(v) < t.r.n:
		return t.r.curLo[v], t.r.curHi[v]
	case int(v) < t.n:
		return t.r.p.quadLower(), math.Inf(1)
	}
	i := int(v) - t.n
	if i < t.r.p.rows {
		return t.r.curRlo[i], t.r.curRhi[i]
	}
	e := t.r.extra[i-t.r.p.rows]
	return e.lo, e.hi
}

// side is 1 for a nonbasic variable at its lower bound, -1 at its upper, 0 for one that cannot move or is free.
func (t *tableau) side(v int32) (sign float64, free bool) {
	lo, hi := t.bounds(v)
	if lo == hi {
		return 0, false
	}
	var s uint8
	if int(v) < t.n {
		s = t.basis.Cols[v]
	} else {
		s = t.basis.Rows[int(v)-t.n]
	}
	switch {
	case s == highs.AtLower && !math.IsInf(lo, -1):
		return 1, false
	case s == highs.AtUpper && !math.IsInf(hi, 1):
		return -1, false
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return 0, true
	case math.IsInf(hi, 1):
		return 1, false
	case math.IsInf(lo, -1):
		return -1, false
	}
	return 0, true // either bound: better not
}

// member is the slack of a member as rates of the nonbasic variables; ok is false where a free nonbasic variable takes part.
func (t *tableau) member(m member) (list []entry, ok bool) {
	t.list = t.list[:0]
	sign := 1.0
	if m.upper {
		sign = -1
	}
	place, self := t.colPlace, m.idx
	if m.row {
		place, self = t.rowPlace, m.idx+int32(t.n)
	}
	at := place[m.idx]
	if at < 0 { // nonbasic at its other bound
		side, free := t.side(self)
		if free || side == 0 {
			return nil, false
		}
		return append(t.list, entry{self, sign * side}), true
	}
	cols, err := t.r.lp.TableauRow(int(at), t.row)
	if err != nil {
		return nil, false
	}
	if m.row { // its slack is basic: activity = Σ row_j x_j - Σ_{k≠r} u_k (A x)_k
		sign = -sign
	}
	ok = true
	add := func(v int32, rate float64) {
		if math.Abs(rate) < 1e-11 {
			return
		}
		side, free := t.side(v)
		if free && math.Abs(rate) > 1e-9 {
			ok = false
		}
		if side != 0 {
			t.list = append(t.list, entry{v, rate * side})
		}
	}
	for _, j := range cols {
		if t.colPlace[j] < 0 {
			add(j, -sign*t.row[j])
		}
	}
	rows, err := t.r.lp.InverseRow(int(at), t.inverse)
	if err != nil {
		return nil, false
	}
	for _, k := range rows {
		if t.rowPlace[k] < 0 {
			add(k+int32(t.n), sign*t.inverse[k])
		}
	}
	slices.SortFunc(t.list, func(a, b entry) int { return int(a.v) - int(b.v) })
	return t.list, ok
}

// cut combines the rates of two members with values a0 and b0 to a cut in the columns; ok is false where its numbers are bad.
func (t *tableau) cut(a, b []entry, a0, b0 float64) (c extraRow, ok bool) {
	clear(t.inUse)
	t.used = t.used[:0]
	rhs, largest := 1-cutTolerance, 0.0
	add := func(j int32, v float64) {
		if !t.inUse[j] {
			t.inUse[j] = true
			t.used = append(t.used, j)
			t.acc[j] = 0
		}
		t.acc[j] += v
	}
	for i, k := 0, 0; i < len(a) || k < len(b); {
		var v int32
		rate := 0.0
		switch {
		case k == len(b) || i < len(a) && a[i].v < b[k].v:
			v, rate = a[i].v, -a[i].rate/a0
			i++
		case i == len(a) || b[k].v < a[i].v:
			v, rate = b[k].v, -b[k].rate/b0
			k++
		default:
			v, rate = a[i].v, math.Max(-a[i].rate/a0, -b[k].rate/b0)
			i, k = i+1, k+1
		}
		if rate <= 0 {
			continue
		}
		lo, hi := t.bounds(v)
		side, _ := t.side(v)
		bound := lo
		if side < 0 {
			bound = hi
		}
		rhs += rate * side * bound
		if int(v) < t.n {
			add(v, rate*side)
			continue
		}
		r := int(v) - t.n
		if r < t.r.p.rows {
			for e := t.r.p.start[r]; e < t.r.p.start[r+1]; e++ {
				add(t.r.p.idx[e], rate*side*t.r.p.val[e])
			}
			continue
		}
		e := t.r.extra[r-t.r.p.rows]
		for i, j := range e.idx {
			add(j, rate*side*e.val[i])
		}
	}
	for _, j := range t.used {
		largest = math.Max(largest, math.Abs(t.acc[j]))
	}
	if largest == 0 || len(t.used) > 1000+t.n/5 {
		return c, false
	}
	slices.Sort(t.used)
	for _, j := range t.used {
		v := t.acc[j]
		if math.Abs(v) < largest/cutDynamism { // taken out at the bound that keeps the cut valid
			lo, hi := t.bounds(j)
			at := hi
			if v < 0 {
				at = lo
			}
			if math.IsInf(at, 0) {
				if math.Abs(v) < 1e-12*largest {
					return c, false
				}
				if math.Abs(v) < largest/cutDynamism/100 {
					return c, false
				}
			} else {
				rhs -= v * at
				continue
			}
		}
		c.idx, c.val = append(c.idx, j), append(c.val, v)
	}
	if len(c.idx) == 0 || math.Abs(rhs) > 1e7*largest || math.IsNaN(rhs) {
		return c, false
	}
	for i := range c.val {
		c.val[i] /= largest
	}
	c.lo, c.hi, c.cut = rhs/largest, math.Inf(1), true
	return c, true
}
