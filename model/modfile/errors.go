package modfile

import (
	"fmt"
	"strings"
)

// Error is a mistake in a model or data file: where it stands, what is wrong, and what was expected. A mistake that shows only when the
// model is instantiated carries the position of the expression and, in Context, the declaration and subscripts it was evaluated for.
type Error struct {
	File         string
	Line, Column int      // counted from 1; Column counts characters, not bytes
	Message      string   // what is wrong
	Expected     string   // what was expected or what to do, "" where the message says it all
	Context      string   // what was evaluated: "in constraint trips[\"toll\"] (r = \"toll\")", "" where it does not matter
	SourceLine   string   // the line of the file
	Others       []*Error // further mistakes found in the same reading
	Err          error    // the cause, where it is an error of another package
}

// Error gives the message as a compiler does: position and message, the line, a caret, and what was expected.
func (e *Error) Error() string {
	var b strings.Builder
	e.head(&b)
	if e.SourceLine != "" {
		line, caret := excerpt(e.SourceLine, e.Column)
		fmt.Fprintf(&b, "\n    %s\n    %s", line, caret)
	}
	if e.Expected != "" {
		fmt.Fprintf(&b, "\nexpected: %s", e.Expected)
	}
	for _, o := range e.Others {
		b.WriteByte('\n')
		o.head(&b)
		if o.Expected != "" {
			fmt.Fprintf(&b, " (expected: %s)", o.Expected)
		}
	}
	return b.String()
}

func (e *Error) head(b *strings.Builder) {
	if e.File != "" {
		fmt.Fprintf(b, "%s:", e.File)
	}
	if e.Line > 0 {
		fmt.Fprintf(b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(e.Message)
	if e.Context != "" {
		fmt.Fprintf(b, ", %s", e.Context)
	}
}

// NotPrintableError says that the language cannot write a model.
type NotPrintableError struct {
	Where  string // "constraint trips"
	Reason string
	Remedy string
}

func (e *NotPrintableError) Error() string {
	return "the language cannot write this model: " + e.Where + ": " + e.Reason + "; " + e.Remedy
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// excerptWidth is the longest part of a source line that a message shows.
const excerptWidth = 120

// excerpt cuts a line around a column and returns it with the line that points to the column. Tabs become one space, so that the caret
// stands where it should on any terminal.
func excerpt(line string, column int) (text, caret string) {
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(line, "?")))
	at := min(max(column-1, 0), len(runes))
	from, head := 0, ""
	if at > excerptWidth*2/3 {
		from, head = at-excerptWidth/2, "..."
	}
	to, tail := len(runes), ""
	if to-from > excerptWidth {
		to, tail = from+excerptWidth, "..."
	}
	return head + string(runes[from:to]) + tail, strings.Repeat(" ", len(head)+at-from) + "^"
}

// maxErrors is the largest number of mistakes that one reading reports.
const maxErrors = 20

// errorList collects the mistakes of one reading.
type errorList []*Error

func (l *errorList) add(e *Error) {
	for _, o := range *l {
		if o.File == e.File && o.Line == e.Line && o.Column == e.Column {
			return // one mistake, seen twice
		}
	}
	if !l.full() {
		*l = append(*l, e)
	}
}

func (l errorList) full() bool { return len(l) >= maxErrors }

// err returns the first mistake with the others attached to it, or nil.
func (l errorList) err() error {
	if len(l) == 0 {
		return nil
	}
	first := *l[0]
	first.Others = append([]*Error(nil), l[1:]...)
	return &first
}
