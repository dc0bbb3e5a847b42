package plot

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gobilevel/bilevel/report"
)

// The marks of a chart in text. Several lines have letters instead.
const (
	markProven   = '●'
	markUnproven = '○'
	markExcluded = '×'
	markMissing  = '?'
	markPath     = '·'
)

// Rows is the height of a chart in text, without its axis.
const Rows = 12

// WriteText draws the chart in so many columns. Points without value stand on the axis: × where the problem is infeasible, ? where
// nothing is known.
func (c *Chart) WriteText(w io.Writer, columns int) error {
	x, y := c.extent()
	top, bottom := report.Number(y[1]), report.Number(y[0])
	left := max(utf8.RuneCountInString(top), utf8.RuneCountInString(bottom))
	width := max(columns-left-4, 20)
	grid := make([][]rune, Rows)
	for r := range grid {
		grid[r] = slices.Repeat([]rune{' '}, width)
	}
	axis := slices.Repeat([]rune{'─'}, width)
	column := func(v float64) int { return int(math.Round((v - x[0]) / (x[1] - x[0]) * float64(width-1))) }
	height := func(v float64) float64 { return (y[1] - v) / (y[1] - y[0]) * (Rows - 1) }
	for _, l := range c.Lines {
		for _, piece := range l.pieces() {
			path(grid, piece, column, height)
		}
	}
	for k, l := range c.Lines {
		for _, p := range l.Points {
			if mark := c.mark(k, p); p.drawn() {
				grid[int(math.Round(height(p.Y)))][column(p.X)] = mark
			} else {
				axis[column(p.X)] = mark
			}
		}
	}
	out := bufio.NewWriter(w)
	if c.Y != "" {
		fmt.Fprintf(out, "  %s\n", c.Y)
	}
	for r, row := range grid {
		label := ""
		switch r {
		case 0:
			label = top
		case Rows - 1:
			label = bottom
		}
		fmt.Fprintf(out, "  %*s │%s\n", left, label, strings.TrimRight(string(row), " "))
	}
	fmt.Fprintf(out, "  %*s └%s\n", left, "", string(axis))
	from, to := report.Number(x[0]), report.Number(x[1])
	gap := width - utf8.RuneCountInString(from) - utf8.RuneCountInString(to)
	name := c.X
	if utf8.RuneCountInString(name) > gap-2 {
		name = ""
	}
	before := max(1, (gap-utf8.RuneCountInString(name))/2)
	after := max(1, gap-before-utf8.RuneCountInString(name))
	fmt.Fprintf(out, "  %*s  %s%s%s%s%s\n", left, "", from, strings.Repeat(" ", before), name, strings.Repeat(" ", after), to)
	c.legend(out)
	return out.Flush()
}

// path draws the way between neighbours, a mark a column.
func path(grid [][]rune, piece []Point, column func(float64) int, height func(float64) float64) {
	for k := 1; k < len(piece); k++ {
		a, b := piece[k-1], piece[k]
		from, to := column(a.X), column(b.X)
		for at := from + 1; at < to; at++ {
			t := float64(at-from) / float64(to-from)
			grid[int(math.Round((1-t)*height(a.Y)+t*height(b.Y)))][at] = markPath
		}
	}
}

// mark is the mark of a point of line k.
func (c *Chart) mark(k int, p Point) rune {
	switch {
	case p.State == Excluded:
		return markExcluded
	case !p.drawn():
		return markMissing
	case len(c.Lines) > 1 && k < 26 && p.State == Proven:
		return 'A' + rune(k)
	case len(c.Lines) > 1 && k < 26:
		return 'a' + rune(k)
	case p.State == Unproven:
		return markUnproven
	}
	return markProven
}

// legend explains the marks that the chart has.
func (c *Chart) legend(w io.Writer) {
	var parts []string
	add := func(s State, mark rune, text string) {
		if c.has(s) {
			parts = append(parts, string(mark)+" "+text)
		}
	}
	if len(c.Lines) > 1 {
		for k, l := range c.Lines[:min(len(c.Lines), 26)] {
			fmt.Fprintf(w, "  %c  %s\n", 'A'+rune(k), l.Name)
		}
		if c.has(Unproven) {
			parts = append(parts, "small letters: not proven optimal")
		}
	} else if c.has(Unproven) || c.has(Excluded) || c.has(Missing) {
		add(Proven, markProven, "proven optimal")
		add(Unproven, markUnproven, "not proven")
	}
	add(Excluded, markExcluded, "infeasible")
	add(Missing, markMissing, "no answer")
	if len(parts) > 0 {
		fmt.Fprintf(w, "  %s\n", strings.Join(parts, "   "))
	}
}
