package mpsaux

import (
	"fmt"
	"math"
)

// problem is what an MPS file says, column by column as it says it.
type problem struct {
	file     string
	name     string
	maximise bool
	notes    []string
	hints    hints

	rows      index
	row       []row
	objective int // its row, -1 where there is none
	span      []float64
	spanned   bool // there is a RANGES section

	cols  index
	col   []col
	start []int // entries start[j] to start[j+1] are those of column j; one more than columns once COLUMNS is over
	entry []entry

	objVars  []int32 // of the objective's affine part
	objCoefs []float64
	quad     []quadratic
	sets     []set
	ifs      []condition
}

// row is a row of ROWS.
type row struct {
	kind        byte // N, E, L or G
	sided       bool // RHS gives it a side
	curved      bool // it has quadratic terms
	conditional bool // it has a condition
	rhs         float64
}

// col is a column. Bounds are what BOUNDS says; finish makes the defaults.
type col struct {
	lo, hi       float64
	loSet, hiSet bool
	whole        bool
	bounded      bool // some line of BOUNDS names it
}

// entry is a number in a row; the column is told by the place.
type entry struct {
	row int32
	v   float64
}

// quadratic is a term coef x_i x_j, i <= j, of a row.
type quadratic struct {
	row, i, j int32
	coef      float64
}

// set is an SOS1 set.
type set struct {
	name    []byte
	vars    []int32
	weights []float64
}

// condition says that a row has to hold where a column has the value when.
type condition struct {
	row, col int
	when     bool
	line     int
}

// note adds a remark for the user.
func (p *problem) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// finish makes the bounds of columns that BOUNDS leaves to convention, and says which ones those are. It checks what could not be checked
// before all bounds were known.
func (p *problem) finish() error {
	if len(p.entry) > math.MaxInt32 {
		return &Error{File: p.file, Reason: "more than 2147483647 entries", Remedy: "split the problem", Err: ErrUnsupported}
	}
	binary, negative := 0, 0
	firstBinary, firstNegative := 0, 0
	for j := range p.col {
		c := &p.col[j]
		switch {
		case c.whole && !c.bounded:
			if binary++; binary == 1 {
				firstBinary = j
			}
			c.hi = 1
		case c.hiSet && c.hi < 0 && !c.loSet:
			if negative++; negative == 1 {
				firstNegative = j
			}
			c.lo = math.Inf(-1)
		}
	}
	if binary > 0 {
		p.note("%s no line in BOUNDS and taken to be 0 or 1, as COIN, glpsol and HiGHS do", counted(binary, "integer column", p.cols.name[firstBinary]))
	}
	if negative > 0 {
		p.note("%s an upper bound below zero and no lower bound, which is taken to be minus infinity", counted(negative, "column", p.cols.name[firstNegative]))
	}
	for _, c := range p.ifs {
		if w := p.col[c.col]; !w.whole || w.lo < 0 || w.hi > 1 {
			name := p.cols.name[c.col]
			return &Error{File: p.file, Line: c.line, Token: string(name), Reason: "the condition is on column " + shown(name) + ", which is not binary", Remedy: "make it binary by a line BV in BOUNDS"}
		}
	}
	return nil
}

// counted is "column x has" or "3 columns, x the first, have".
func counted(n int, what string, first []byte) string {
	if n == 1 {
		return what + " " + shown(first) + " has"
	}
	return fmt.Sprintf("%d %ss, %s the first, have", n, what, shown(first))
}

// sides are lo and hi of row r.
func (p *problem) sides(r int) (lo, hi float64) {
	w := &p.row[r]
	lo, hi = math.Inf(-1), math.Inf(1)
	span := math.NaN()
	if p.spanned {
		span = p.span[r]
	}
	b := w.rhs
	switch w.kind {
	case 'E':
		lo, hi = b, b
		if span < 0 {
			lo = b + span
		} else if span > 0 {
			hi = b + span
		}
	case 'L':
		hi = b
		if !math.IsNaN(span) {
			lo = b - math.Abs(span)
		}
	case 'G':
		lo = b
		if !math.IsNaN(span) {
			hi = b + math.Abs(span)
		}
	}
	return lo, hi
}
