package jsonfile

import "fmt"

// Error is what is wrong with a file, and where.
type Error struct {
	File         string // "" where it was not read by name
	Line, Column int    // counted from 1, in bytes
	Place        string // in the document: constraints[3].lower; "" for the whole
	Reason       string
	Remedy       string
}

func (e *Error) Error() string {
	s := "json"
	if e.File != "" {
		s = e.File
	}
	s = fmt.Sprintf("%s:%d:%d: ", s, e.Line, e.Column)
	if e.Place != "" {
		s += e.Place + ": "
	}
	s += e.Reason
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}
