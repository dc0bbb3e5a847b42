package export

import (
	"bufio"
	"io"
	"math"
	"strconv"
)

// lineLimit is where the LP writer breaks lines; the format allows 255 bytes.
const lineLimit = 200

// text writes lines. Errors of the writer below stick and are told by flush.
type text struct {
	w    *bufio.Writer
	term []byte // the piece that is being made
	used int    // bytes on the current line
}

func newText(w io.Writer) *text { return &text{w: bufio.NewWriterSize(w, 1<<18)} }

func (t *text) flush() error { return t.w.Flush() }

// puts writes a piece that has no line break in it.
func (t *text) puts(s string) {
	t.w.WriteString(s)
	t.used += len(s)
}

func (t *text) put(b []byte) {
	t.w.Write(b)
	t.used += len(b)
}

func (t *text) number(v float64) { t.put(appendNumber(t.w.AvailableBuffer(), v)) }

func (t *text) newline() {
	t.w.WriteByte('\n')
	t.used = 0
}

// piece writes what stands in t.term, on the next line where this one is full.
func (t *text) piece() {
	if t.used+len(t.term) > lineLimit && t.used > 1 {
		t.newline()
		t.puts(" ")
	}
	t.put(t.term)
}

// linear writes the term coef*name of a sum.
func (t *text) linear(coef float64, name []byte, first bool) {
	t.term = appendCoef(t.term[:0], coef, first)
	t.term = append(t.term, name...)
	t.piece()
}

// appendCoef appends the sign and size of a coefficient, and the space after it.
func appendCoef(b []byte, coef float64, first bool) []byte {
	switch {
	case math.Signbit(coef):
		b = append(b, " - "...)
	case first:
		b = append(b, ' ')
	default:
		b = append(b, " + "...)
	}
	if a := math.Abs(coef); a != 1 {
		b = append(appendNumber(b, a), ' ')
	}
	return b
}

// appendNumber appends the shortest text that reads back as v.
func appendNumber(b []byte, v float64) []byte {
	switch {
	case math.IsInf(v, 1):
		return append(b, "inf"...)
	case math.IsInf(v, -1):
		return append(b, "-inf"...)
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return strconv.AppendInt(b, int64(v), 10)
	case math.Abs(v) < 1e6:
		// Most numbers that people write have few decimals. One with at most 15 digits that reads back as v is the only one, so that
		// it is the shortest.
		if thousands := math.Round(v * 1000); thousands/1000 == v {
			return appendThousandths(b, int64(thousands))
		}
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

// appendThousandths appends v/1000, which is not a whole number.
func appendThousandths(b []byte, v int64) []byte {
	if v < 0 {
		b = append(b, '-')
		v = -v
	}
	b = append(strconv.AppendInt(b, v/1000, 10), '.')
	rest := v % 1000
	b = append(b, byte('0'+rest/100))
	if rest %= 100; rest > 0 {
		b = append(b, byte('0'+rest/10))
		if rest %= 10; rest > 0 {
			b = append(b, byte('0'+rest))
		}
	}
	return b
}

// comments writes the heading of a file: the model's name and the names that were changed, after a comment mark.
func (t *text) comments(mark, title string, vars, rows *nameTable, varName, rowName func(i int) string) {
	line := func(s string) {
		t.puts(mark)
		if len(s) > lineLimit {
			s = s[:lineLimit-3] + "..."
		}
		t.puts(s)
		t.newline()
	}
	line(title)
	list := func(kind string, names *nameTable, name func(i int) string) {
		for _, i := range names.changed {
			line(kind + " " + string(names.at(i)) + " is " + printable(name(i)))
		}
	}
	list("variable", vars, varName)
	list("constraint", rows, rowName)
}

// printable is a text that stays on one line.
func printable(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return strconv.Quote(s)
		}
	}
	return s
}
