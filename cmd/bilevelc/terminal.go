package main

import (
	"io"
	"os"
	"strconv"

	"github.com/gobilevel/bilevel/report"
)

// isTerminal reports whether a stream is a terminal that understands escape sequences.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok || f == nil || f.Name() == os.DevNull || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// style is how text for people looks on a stream: in colour on a terminal unless NO_COLOR is set to anything.
func style(w io.Writer) report.Style {
	s := report.Style{Colour: isTerminal(w) && os.Getenv("NO_COLOR") == ""}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		s.Width = n
	}
	return s
}
