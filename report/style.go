package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Style is how text is laid out. The zero value is plain text, 80 columns wide.
type Style struct {
	Colour bool // escape sequences for bold, green, yellow and red
	Width  int  // of the line, in columns; default 80
	All    bool // every variable, zero or not, with no limit on their number
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 80
	}
	return max(s.Width, 40)
}

const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
)

func (s Style) paint(colour, text string) string {
	if !s.Colour || text == "" {
		return text
	}
	return colour + text + "\x1b[0m"
}

// page writes lines in a style. An error of the writer sticks and is told at the end.
type page struct {
	w *bufio.Writer
	Style
}

func newPage(w io.Writer, s Style) *page { return &page{bufio.NewWriter(w), s} }

func (p *page) end() error { return p.w.Flush() }

func (p *page) printf(format string, args ...any) { fmt.Fprintf(p.w, format, args...) }

// heading starts a part of the page.
func (p *page) heading(text string) { p.printf("\n%s\n", p.paint(bold, text)) }

// fieldWidth is where the values of fields begin.
const fieldWidth = 16

// field writes a label and a value; the value is broken at blanks and hangs.
func (p *page) field(label, value string) {
	p.printf("%s%s", label, strings.Repeat(" ", max(1, fieldWidth-utf8.RuneCountInString(label))))
	p.hang(value, fieldWidth)
}

// hang writes text whose first line begins at column indent already.
func (p *page) hang(text string, indent int) {
	for i, line := range wrap(text, p.width()-indent) {
		if i > 0 {
			p.printf("%s", strings.Repeat(" ", indent))
		}
		p.printf("%s\n", line)
	}
}

// item writes an entry of a list.
func (p *page) item(text string) {
	p.printf("  - ")
	p.hang(text, 4)
}

// wrap breaks text at blanks into lines of at most width columns; a longer word has a line of its own. Line breaks in the text stay.
func wrap(text string, width int) []string {
	var lines []string
	for _, part := range strings.Split(text, "\n") {
		line, n := "", 0
		for _, word := range strings.Fields(part) {
			k := utf8.RuneCountInString(word)
			if n > 0 && n+1+k > width {
				lines = append(lines, line)
				line, n = "", 0
			}
			if n > 0 {
				line, n = line+" ", n+1
			}
			line, n = line+word, n+k
		}
		lines = append(lines, line)
	}
	return lines
}
