package nl

import (
	"errors"
	"fmt"
)

// ErrUnsupported is wrapped by the error for a file that is well formed and asks for what a model cannot hold.
var ErrUnsupported = errors.New("not supported")

// Error is what is wrong with a file, and where.
type Error struct {
	File   string // "" where it was not read by name
	Line   int    // of the text form, counted from 1; 0 in the binary one
	Offset int    // in bytes
	Reason string
	Remedy string // "" where there is none but another file
	Err    error  // ErrUnsupported, or nil where the file is malformed
}

func (e *Error) Error() string {
	s := "nl: "
	if e.File != "" {
		s = e.File + ": "
	}
	if e.Line > 0 {
		s += fmt.Sprintf("line %d: ", e.Line)
	} else {
		s += fmt.Sprintf("byte %d: ", e.Offset)
	}
	s += e.Reason
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap gives ErrUnsupported where it is the cause.
func (e *Error) Unwrap() error { return e.Err }
