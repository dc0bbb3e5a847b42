package branch

import (
	"context"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// Maximiser bounds affine functions of one group of variables (see model.Model.VarGroup) over the LP of the rows that touch that group:
// a relaxation of the model without pairs that is as small as one follower's block. The LP of a group is kept and solved again from the
// basis at hand. It implements reform.Maximiser; Close frees the LPs.
type Maximiser struct {
	m       *model.Model
	rows    map[int][]int // by group: the rows that touch it and no other group
	current int
	lp      *linear
	column  map[int32]int32 // of the current group's LP
	cols    []int32
}

// NewMaximiser sorts the rows by group.
func NewMaximiser(m *model.Model) *Maximiser {
	x := &Maximiser{m: m, rows: map[int][]int{}, current: -1}
	for r := 0; r < m.NumRows(); r++ {
		if !m.RowIsAffine(r) {
			continue
		}
		idx, _ := m.RowAffine(r)
		if g, ok := x.group(idx); ok {
			x.rows[g] = append(x.rows[g], r)
		}
	}
	return x
}

// group is the one group other than zero among variables, zero where there is none; ok is false where there are several.
func (x *Maximiser) group(idx []int32) (g int, ok bool) {
	for _, j := range idx {
		if h := x.m.VarGroup(int(j)); h != 0 {
			if g != 0 && g != h {
				return 0, false
			}
			g = h
		}
	}
	return g, true
}

// Close frees the LP.
func (x *Maximiser) Close() {
	if x.lp != nil {
		_ = x.lp.Close()
		x.lp = nil
	}
	x.current = -1
}

// Max returns an upper bound on f over the relaxation, +Inf where none is found and -Inf where the relaxation is infeasible.
func (x *Maximiser) Max(ctx context.Context, f model.Function) (float64, error) {
	if !f.IsAffine() {
		return math.Inf(1), nil
	}
	g, ok := x.group(f.Vars)
	if !ok {
		return math.Inf(1), nil
	}
	if err := x.open(g); err != nil {
		return 0, err
	}
	idx, cost, zero := make([]int32, 0, len(f.Vars)), make([]float64, 0, len(f.Vars)), make([]float64, len(f.Vars))
	rest := f.Const
	for k, j := range f.Vars {
		if c, ok := x.column[j]; ok {
			idx, cost = append(idx, c), append(cost, -f.Coefs[k])
			continue
		}
		lo, hi := x.m.VarBounds(int(j)) // in no row
		if f.Coefs[k] > 0 {
			rest += f.Coefs[k] * hi
		} else {
			rest += f.Coefs[k] * lo
		}
	}
	if len(idx) == 0 || math.IsInf(rest, 1) {
		return rest, nil
	}
	if err := x.lp.ChangeCosts(idx, cost); err != nil {
		return 0, err
	}
	st, err := x.lp.SolveRobust(ctx)
	v := math.Inf(1)
	switch {
	case err != nil:
		return 0, err
	case st == highs.Optimal:
		v = rest - x.lp.Objective()
	case st == highs.Infeasible:
		v = math.Inf(-1)
	}
	return v, x.lp.ChangeCosts(idx, zero[:len(idx)])
}

// open makes the LP of a group the current one.
func (x *Maximiser) open(g int) error {
	if x.current == g && x.lp != nil {
		return nil
	}
	x.Close()
	x.current = g
	x.column = map[int32]int32{}
	x.cols = x.cols[:0]
	rows := x.rows[g]
	if g != 0 {
		rows = append(append([]int(nil), x.rows[0]...), rows...)
		sort.Ints(rows)
	}
	a := &highs.Arrays{Start: make([]int32, 1, len(rows)+1)}
	for _, r := range rows {
		idx, val := x.m.RowAffine(r)
		for k, j := range idx {
			c, ok := x.column[j]
			if !ok {
				c = int32(len(x.cols))
				x.column[j] = c
				x.cols = append(x.cols, j)
				lo, hi := x.m.VarBounds(int(j))
				a.Cost, a.ColLower, a.ColUpper = append(a.Cost, 0), append(a.ColLower, lo), append(a.ColUpper, hi)
			}
			a.Index, a.Value = append(a.Index, c), append(a.Value, val[k])
		}
		lo, hi := x.m.RowBounds(r)
		a.Start = append(a.Start, int32(len(a.Index)))
		a.RowLower, a.RowUpper = append(a.RowLower, lo), append(a.RowUpper, hi)
	}
	var err error
	x.lp, err = newLinear(a, highs.LPOptions{})
	return err
}
