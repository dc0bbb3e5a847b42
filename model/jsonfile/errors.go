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
	return fmt.Sprintf("%s:%d:%d: %s", s, e.Line, e.Column, e.Message())
}

// Message is the error without the file and the line.
func (e *Error) Message() string {
	s := e.Reason
	if e.Place != "" {
		s = e.Place + ": " + s
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}
