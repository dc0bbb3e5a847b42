package modfile

import (
	"bufio"
	"io"
)

// lineWidth is the column after which a printed line is broken at the next blank.
const lineWidth = 110

// wrapper writes text and breaks long lines at blanks and after commas outside of quotes, where the language allows any white space.
type wrapper struct {
	w      *bufio.Writer
	column int
	quote  byte
	inside int  // open brackets of subscripts
	begun  bool // something was written
	err    error
}

func newWrapper(w io.Writer) *wrapper { return &wrapper{w: bufio.NewWriterSize(w, 1<<16)} }

func (w *wrapper) WriteString(s string) (int, error) {
	w.begun = w.begun || s != ""
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case w.quote != 0:
			if c == w.quote {
				w.quote = 0
			}
		case c == '"' || c == '`':
			w.quote = c
		case c == '[':
			w.inside++
		case c == ']':
			w.inside--
		case c == '\n':
			w.column = -1
		case c == ' ' && w.column > lineWidth:
			w.put("\n       ")
			w.column = 7
		}
		if err := w.w.WriteByte(c); err != nil && w.err == nil {
			w.err = err
		}
		if w.column++; c == ',' && w.quote == 0 && w.inside == 0 && w.column > lineWidth {
			w.put("\n       ")
			w.column = 7
		}
	}
	return len(s), w.err
}

func (w *wrapper) Write(b []byte) (int, error) { return w.WriteString(string(b)) }

func (w *wrapper) put(s string) {
	if _, err := w.w.WriteString(s); err != nil && w.err == nil {
		w.err = err
	}
}

// text writes strings one after another.
func (w *wrapper) text(parts ...string) {
	for _, s := range parts {
		if _, err := w.WriteString(s); err != nil {
			return
		}
	}
}
