package highs

import (
	"errors"
	"fmt"

	"github.com/gobilevel/bilevel/backends"
)

// ErrClosed is the cause of errors from an LP that was closed.
var ErrClosed = errors.New("the LP is closed")

// CallError says that the solver refused a call.
type CallError struct {
	Call string // the function of the C interface, without its prefix
	What string // what was asked of it
	Err  error  // the cause where it is known, else nil
}

func (e *CallError) Error() string {
	s := "highs: " + e.Call
	if e.What != "" {
		s += ": " + e.What
	}
	if e.Err != nil {
		return s + ": " + e.Err.Error()
	}
	return s + ": the solver refused the call; run it with a Log to read why"
}

// Unwrap is the cause.
func (e *CallError) Unwrap() error { return e.Err }

// OptionError says that an option of the solver could not be set.
type OptionError struct {
	Name, Value string
	Reason      string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("highs: option %s = %q: %s", e.Name, e.Value, e.Reason)
}

// NonconvexError says that a quadratic objective is not convex (concave for a maximisation), which the solver cannot minimise.
type NonconvexError struct {
	Unknown bool // it may be convex, but is too large for the test
}

func (e *NonconvexError) Error() string {
	is := "is not convex"
	if e.Unknown {
		is = "is too large to be tested for convexity, so that it cannot be taken for convex"
	}
	return "highs: the quadratic objective " + is + " (in minimisation form): reformulate it, or use a backend for nonconvex problems"
}

// errAbsent is the error of a binary that was built without the native library.
var errAbsent error = &backends.UnknownError{Name: name, Reason: howToGet}

const (
	name     = "highs"
	howToGet = "build with cgo, without the tag nohighs, and with HiGHS 1.10 or later installed (Debian: libhighs-dev)"
)
