package stationarity

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A cell is a pair of signs for the multipliers of a biactive pair. A kind of stationarity asks each biactive pair to be in one of its
// cells:
//
//	A  one of the two is non-negative
//	C  both are non-negative, or both non-positive
//	M  both are non-negative, or one is zero
//	S  both are non-negative
type cell [2]sign

var (
	cellsA = []cell{{nonNegative, free}, {free, nonNegative}}
	cellsC = []cell{{nonNegative, nonNegative}, {nonPositive, nonPositive}}
	cellsM = []cell{{nonNegative, nonNegative}, {zero, free}, {free, zero}}
	cellsS = []cell{{nonNegative, nonNegative}}
)

// tests answers the questions about one active set.
type tests struct {
	*active
	kernel  *kernel
	opt     Options
	small   float64 // a residual that counts as zero
	large   float64 // a residual that does not
	signs   []sign
	witness []float64 // multipliers of the last answer yes
	rest    float64   // their residual
	limit   bool      // a search was cut short
	groups  [][]int   // of biactive pairs that have nothing to do with each other
}

// weak restores the signs of W-stationarity.
func (t *tests) weak() {
	copy(t.signs, t.active.weakest())
}

// least finds the multipliers for the signs at hand and returns their residual.
func (t *tests) least(ctx context.Context) (float64, error) {
	if err := t.kernel.least(ctx, t.signs); err != nil {
		return inf, err
	}
	return t.kernel.worst(), nil
}

// judge turns a residual into an answer.
func (t *tests) judge(residual float64) Verdict {
	switch {
	case residual <= t.small:
		return Yes
	case residual > t.large:
		return No
	}
	return Undecided
}

// keep remembers the multipliers at hand as the witness of an answer.
func (t *tests) keep(residual float64) {
	t.witness, t.rest = append(t.witness[:0], t.kernel.w...), residual
}

// cellNode is a set of cells that some pairs are in; the others are free.
type cellNode struct {
	parent *cellNode
	pair   int
	cell   cell
}

// inSomeCells decides whether there are multipliers such that every biactive pair is in one of the cells. Groups of pairs that have nothing
// to do with each other are looked at one by one, with the pairs of the others free.
func (t *tests) inSomeCells(ctx context.Context, cells []cell) (Verdict, error) {
	groups := t.groups
	found := make([]cell, len(t.p.pairs))
	for _, group := range groups {
		if answer, err := t.groupInCells(ctx, group, cells, found); answer != Yes || err != nil {
			return answer, err
		}
	}
	if len(groups) > 1 {
		t.weak()
		for _, k := range t.biactive {
			t.put(k, found[k])
		}
		residual, err := t.least(ctx)
		if err != nil {
			return Undecided, err
		}
		if t.judge(residual) != Yes {
			return Undecided, nil
		}
		t.keep(residual)
	}
	return Yes, nil
}

// groupInCells decides the same for one group, by branching on its pairs, depth first, and notes the cells found. Multipliers with pairs left
// free have a residual at most as large, so that a set of cells is given up as soon as that is too large.
func (t *tests) groupInCells(ctx context.Context, group []int, cells []cell, found []cell) (Verdict, error) {
	open := []*cellNode{{pair: -1}}
	doubtful := false
	for solves := 0; len(open) > 0; solves++ {
		if solves >= t.opt.NodeLimit {
			t.limit = true
			return Undecided, nil
		}
		n := open[len(open)-1]
		open = open[:len(open)-1]
		t.weak()
		for a := n; a.pair >= 0; a = a.parent {
			t.put(a.pair, a.cell)
		}
		residual, err := t.least(ctx)
		if err != nil {
			return Undecided, err
		}
		if answer := t.judge(residual); answer != Yes {
			doubtful = doubtful || answer == Undecided
			continue
		}
		k := t.outside(n, group, cells)
		if k < 0 {
			if len(t.groups) == 1 {
				t.keep(residual)
			}
			for _, k := range group {
				found[k] = t.nearestCells(k, cells)[0]
			}
			for a := n; a.pair >= 0; a = a.parent {
				found[a.pair] = a.cell
			}
			return Yes, nil
		}
		order := t.nearestCells(k, cells)
		slices.Reverse(order) // the last one is visited first
		for _, c := range order {
			open = append(open, &cellNode{parent: n, pair: k, cell: c})
		}
	}
	if doubtful {
		return Undecided, nil
	}
	return No, nil
}

// nearestCells sorts the cells by how far the multipliers of a pair are from them.
func (t *tests) nearestCells(k int, cells []cell) []cell {
	order := slices.Clone(cells)
	slices.SortStableFunc(order, func(a, b cell) int { return cmp.Compare(t.miss(k, a), t.miss(k, b)) })
	return order
}

// put gives the multipliers of a pair the signs of a cell.
func (t *tests) put(pair int, c cell) {
	for side, i := range t.members[pair] {
		if i >= 0 {
			t.signs[i] = c[side]
		}
	}
}

// outside is the pair of a group that is farthest from every cell, -1 where all are in one.
func (t *tests) outside(n *cellNode, group []int, cells []cell) int {
	at, worst := -1, 0.0
	for _, k := range group {
		miss := inf
		for _, c := range cells {
			miss = math.Min(miss, t.miss(k, c))
		}
		if miss > worst && !n.has(k) {
			at, worst = k, miss
		}
	}
	return at
}

func (n *cellNode) has(pair int) bool {
	for ; n.pair >= 0; n = n.parent {
		if n.pair == pair {
			return true
		}
	}
	return false
}

// miss is how far the multipliers of a pair are from a cell, in units of the objective's derivative.
func (t *tests) miss(pair int, c cell) float64 {
	miss := 0.0
	for side, i := range t.members[pair] {
		w := t.kernel.w[i] * t.normInf[t.columns[i].quantity]
		switch c[side] {
		case nonNegative:
			miss = math.Max(miss, -w)
		case nonPositive:
			miss = math.Max(miss, w)
		case zero:
			miss = math.Max(miss, math.Abs(w))
		}
	}
	return miss
}
