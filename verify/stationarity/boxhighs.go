package stationarity

import (
	"context"

	"github.com/gobilevel/bilevel/backends/highs"
)

// highsBox solves a boxLP by a linear program that stays in HiGHS.
type highsBox struct {
	lp     *highs.LP
	index  [2][]int32 // of changed columns and rows
	lo, hi [2][]float64
	iter   int
}

func newHighsBox(lp *boxLP) (*highsBox, error) {
	a := &highs.Arrays{Cost: lp.cost, ColLower: lp.lower[:lp.n], ColUpper: lp.upper[:lp.n], RowLower: lp.lower[lp.n:], RowUpper: lp.upper[lp.n:],
		Start: lp.start, Index: lp.index, Value: lp.value}
	h, err := highs.NewLP(a, highs.LPOptions{})
	if err != nil {
		return nil, err
	}
	return &highsBox{lp: h}, nil
}

func (h *highsBox) solve(ctx context.Context, lp *boxLP, d, y []float64) (boxStatus, error) {
	for s := range h.index {
		h.index[s], h.lo[s], h.hi[s] = h.index[s][:0], h.lo[s][:0], h.hi[s][:0]
	}
	for _, k := range lp.dirty {
		s, i := 0, k
		if int(k) >= lp.n {
			s, i = 1, k-int32(lp.n)
		}
		if lp.lower[k] > lp.upper[k] {
			return boxInfeasible, nil // the changes stay noted
		}
		h.index[s], h.lo[s], h.hi[s] = append(h.index[s], i), append(h.lo[s], lp.lower[k]), append(h.hi[s], lp.upper[k])
	}
	for _, k := range lp.dirty {
		lp.isDirty[k] = false
	}
	lp.dirty = lp.dirty[:0]
	if err := h.lp.ChangeColBounds(h.index[0], h.lo[0], h.hi[0]); err != nil {
		return boxFailed, err
	}
	if err := h.lp.ChangeRowBounds(h.index[1], h.lo[1], h.hi[1]); err != nil {
		return boxFailed, err
	}
	status, err := h.lp.SolveRobust(ctx)
	h.iter += h.lp.Iterations()
	if err != nil {
		return boxFailed, err
	}
	switch status {
	case highs.Optimal:
	case highs.Infeasible, highs.InfeasibleOrUnbounded: // a box is bounded
		return boxInfeasible, nil
	case highs.TimeLimit, highs.Interrupted:
		return boxStopped, nil
	default:
		if ctx.Err() != nil {
			return boxStopped, nil
		}
		return boxFailed, nil
	}
	if err := h.lp.Primal(d); err != nil {
		return boxFailed, err
	}
	if err := h.lp.RowDuals(y); err != nil {
		return boxFailed, err
	}
	return boxOptimal, nil
}

func (h *highsBox) iterations() int { return h.iter }

func (h *highsBox) basis() *boxBasis {
	b, ok := h.lp.Basis(highs.Basis{})
	if !ok {
		return nil
	}
	return &boxBasis{n: h.lp.NumCols(), m: h.lp.NumRows(), b: b}
}

func (h *highsBox) start(b *boxBasis) {
	if b != nil && b.n == h.lp.NumCols() && b.m == h.lp.NumRows() {
		// A basis that is refused costs iterations only.
		_ = h.lp.SetBasis(b.b)
	}
}

func (h *highsBox) close() { h.lp.Close() }
