package ipopt

import (
	"fmt"

	"github.com/gobilevel/bilevel/backends"
)

// ProgramError says what of a program or of a start is not as it must be.
type ProgramError struct {
	Variable, Row int // -1: neither
	Reason        string
}

func (e *ProgramError) Error() string {
	switch {
	case e.Variable >= 0:
		return fmt.Sprintf("ipopt: variable %d: %s", e.Variable, e.Reason)
	case e.Row >= 0:
		return fmt.Sprintf("ipopt: row %d: %s", e.Row, e.Reason)
	}
	return "ipopt: " + e.Reason
}

// OptionError says that an option could not be set.
type OptionError struct {
	Name, Value string
	Reason      string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("ipopt: option %s = %q: %s", e.Name, e.Value, e.Reason)
}

// PanicError says that a function of the program, or one that was to hear of progress, panicked during a solve.
type PanicError struct{ Value any }

func (e *PanicError) Error() string {
	return fmt.Sprintf("ipopt: a function of the program or Options.Progress panicked: %v", e.Value)
}

const (
	name         = "ipopt"
	builtWithout = "build with cgo and without the tag noipopt, and install Ipopt 3.11 or later (Debian: coinor-libipopt-dev)"
	notThere     = "install Ipopt 3.11 or later (Debian, Ubuntu: coinor-libipopt-dev; Homebrew: ipopt), or name its shared library in BILEVEL_IPOPT"
)

// errAbsent is the error where there is no library.
func errAbsent() error {
	for _, m := range backends.Missing() {
		if m.Name == name {
			return &backends.UnknownError{Name: name, Reason: m.Reason}
		}
	}
	return &backends.UnknownError{Name: name, Reason: notThere}
}
