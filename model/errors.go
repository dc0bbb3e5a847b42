package model

import (
	"errors"
	"fmt"
)

// BuildError is a mistake in the building of a model: what it concerns, what is wrong, and what to do about it.
type BuildError struct {
	Where   string // the name of a variable, constraint, player or pair
	Problem string
	Remedy  string
	Err     error // a sentinel, where the cause has one
}

func (e *BuildError) Error() string {
	s := e.Problem
	if e.Where != "" {
		s = e.Where + ": " + s
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

func (e *BuildError) Unwrap() error { return e.Err }

// Causes of a BuildError that a program may want to tell apart.
var (
	ErrOtherModel    = errors.New("a variable of another model")
	ErrNotFinite     = errors.New("a number that is not finite")
	ErrContradiction = errors.New("contradictory bounds")
	ErrScope         = errors.New("a variable that this player may not use")
	ErrDuplicate     = errors.New("a name that is taken")
	ErrOperand       = errors.New("an operand of a type that has no meaning here")
	ErrEmptyPlayer   = errors.New("a follower without variables")
)

// maxBuildErrors bounds the list that Err returns, so that one mistake in a loop does not print a million lines.
const maxBuildErrors = 20

func (m *Model) fail(where, remedy string, cause error, format string, args ...any) {
	m.failed++
	if len(m.errs) < maxBuildErrors {
		m.errs = append(m.errs, &BuildError{Where: where, Problem: fmt.Sprintf(format, args...), Remedy: remedy, Err: cause})
	}
}

// Err returns the mistakes made so far in building the model, joined, or nil. Everything that consumes a model returns them first.
func (m *Model) Err() error {
	m.checkScope()
	if len(m.errs) == 0 {
		return nil
	}
	list := m.errs
	if more := m.failed - len(m.errs); more > 0 {
		list = append(list[:len(list):len(list)], fmt.Errorf("and %d more", more))
	}
	return errors.Join(list...)
}
