package branch

import (
	"slices"

	"github.com/gobilevel/bilevel/backends/highs"
)

// tape keeps what the search does to its LP, so that the same can be done to a bare one and the times be compared. A nil tape keeps nothing.
type tape struct{ moves []move }

// move is a change of bounds, a basis to start from, or a solve.
type move struct {
	index  []int32
	lo, hi []float64
	rows   bool // the bounds are those of rows
	basis  highs.Basis
	kind   uint8
}

const (
	moveBounds uint8 = iota
	moveBasis
	moveSolve
)

func (t *tape) bounds(rows bool, index []int32, lo, hi []float64) {
	if t != nil {
		t.moves = append(t.moves, move{kind: moveBounds, rows: rows, index: slices.Clone(index), lo: slices.Clone(lo), hi: slices.Clone(hi)})
	}
}

func (t *tape) basis(b highs.Basis) {
	if t != nil {
		t.moves = append(t.moves, move{kind: moveBasis, basis: highs.Basis{Cols: slices.Clone(b.Cols), Rows: slices.Clone(b.Rows)}})
	}
}

func (t *tape) solve() {
	if t != nil {
		t.moves = append(t.moves, move{kind: moveSolve})
	}
}
