package mpsaux

import (
	"errors"
	"fmt"
)

// ErrUnsupported is wrapped by the error for a file that is well formed and asks for what a model cannot hold.
var ErrUnsupported = errors.New("not supported")

// Error is what is wrong with a file, and where.
type Error struct {
	File   string // "" where it was not read by name
	Line   int    // counted from 1
	Token  string // the word that is at fault, "" where it is not one word
	Reason string // a sentence that contains the word
	Remedy string
	Err    error // ErrUnsupported, or nil where the file is malformed
}

func (e *Error) Error() string {
	s := "mps: "
	switch {
	case e.File != "" && e.Line > 0:
		s = fmt.Sprintf("%s:%d: ", e.File, e.Line)
	case e.File != "":
		s = e.File + ": "
	case e.Line > 0:
		s = fmt.Sprintf("line %d: ", e.Line)
	}
	s += e.Reason
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap gives ErrUnsupported where it is the cause.
func (e *Error) Unwrap() error { return e.Err }

// shown is a word of a file as messages show it: on one line and not longer than need be.
func shown(word []byte) string {
	const limit = 60
	cut := ""
	if len(word) > limit {
		word, cut = word[:limit], "..."
	}
	for _, c := range word {
		if c < ' ' || c >= 0x7f {
			return fmt.Sprintf("%q", string(word)) + cut
		}
	}
	return string(word) + cut
}
