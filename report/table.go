package report

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Align is how a column of a table is aligned.
type Align uint8

// The alignments.
const (
	Left    Align = iota
	Right         // at the last character
	Decimal       // numbers, at their decimal points
)

// Table is text in columns.
type Table struct {
	Head  []string // titles, nil for none
	Align []Align  // one a column; missing ones are Left
	Rows  [][]string
}

// Write prints the table in a style, each line after two blanks. The last column is broken at blanks where the line would be too long.
func (t *Table) Write(w io.Writer, s Style) error {
	p := newPage(w, s)
	p.table(t)
	return p.end()
}

func (p *page) table(t *Table) {
	columns := len(t.Head)
	for _, r := range t.Rows {
		columns = max(columns, len(r))
	}
	widths := make([]int, columns)
	tails := make([]int, columns) // characters after the decimal point, it included
	for _, r := range t.Rows {
		for c, cell := range r {
			_, tail := splitDecimal(cell, t.align(c))
			tails[c] = max(tails[c], tail)
		}
	}
	size := func(r []string, head bool) {
		for c, cell := range r {
			n := utf8.RuneCountInString(cell)
			if t.align(c) == Decimal && !head {
				_, tail := splitDecimal(cell, Decimal)
				n += tails[c] - tail
			}
			widths[c] = max(widths[c], n)
		}
	}
	size(t.Head, true)
	for _, r := range t.Rows {
		size(r, false)
	}
	if t.Head != nil {
		p.row(t, t.Head, widths, nil, true)
	}
	for _, r := range t.Rows {
		p.row(t, r, widths, tails, false)
	}
}

func (t *Table) align(c int) Align {
	if c < len(t.Align) {
		return t.Align[c]
	}
	return Left
}

// splitDecimal counts the characters of a number before its decimal point and from it on. Text and exponents stand before it.
func splitDecimal(cell string, a Align) (head, tail int) {
	n := utf8.RuneCountInString(cell)
	if a != Decimal {
		return n, 0
	}
	dot := strings.IndexByte(cell, '.')
	if dot < 0 {
		return n, 0
	}
	return dot, n - dot
}

func (p *page) row(t *Table, cells []string, widths, tails []int, head bool) {
	var b strings.Builder
	b.WriteString("  ")
	at := 2
	for c, cell := range cells {
		n := utf8.RuneCountInString(cell)
		last := c == len(cells)-1
		before, after := 0, widths[c]-n
		switch t.align(c) {
		case Right:
			before, after = after, 0
		case Decimal:
			if head {
				before, after = after, 0
				break
			}
			_, tail := splitDecimal(cell, Decimal)
			after = tails[c] - tail
			before = widths[c] - n - after
		}
		b.WriteString(strings.Repeat(" ", before))
		if last && cell != "" && t.align(c) == Left && at+n > p.width() {
			p.printf("%s", b.String())
			p.hang(cell, at)
			return
		}
		b.WriteString(cell)
		if !last {
			b.WriteString(strings.Repeat(" ", after+2))
		}
		at += widths[c] + 2
	}
	line := strings.TrimRight(b.String(), " ")
	if head {
		line = "  " + p.paint(bold, line[min(2, len(line)):])
	}
	p.printf("%s\n", line)
}
