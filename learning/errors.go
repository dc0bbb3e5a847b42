package learning

import (
	"errors"
	"fmt"
)

// Causes of errors that a program may want to tell apart.
var (
	ErrMissing = errors.New("a missing value")
	ErrLabels  = errors.New("labels that the task cannot use")
	ErrOptions = errors.New("settings that do not fit")
)

// DataError is a mistake in a data set: where it is, what is wrong, and what to do about it.
type DataError struct {
	File    string // "" for data that come from no file
	Line    int    // from 1; 0: the file as a whole
	Problem string
	Remedy  string
	Err     error // a sentinel, where the cause has one
}

// Error writes file:line: problem; remedy.
func (e *DataError) Error() string {
	where := e.File
	if e.Line > 0 {
		where += fmt.Sprintf(":%d", e.Line)
	}
	if where != "" {
		where += ": "
	}
	s := where + e.Problem
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap is the sentinel.
func (e *DataError) Unwrap() error { return e.Err }

// OptionError is a setting that does not fit the task or the data.
type OptionError struct {
	Option, Problem, Remedy string
}

// Error writes option: problem; remedy.
func (e *OptionError) Error() string {
	s := "learning: " + e.Option + ": " + e.Problem
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap is ErrOptions.
func (e *OptionError) Unwrap() error { return ErrOptions }
