package lpsolve

import (
	"fmt"

	"github.com/gobilevel/bilevel/backends"
)

// CallError says that the solver refused a call.
type CallError struct {
	Call string // the function of the C interface
	What string // what was asked of it
}

func (e *CallError) Error() string {
	return fmt.Sprintf("lpsolve: %s: %s: the solver refused the call, for lack of memory or because of a number that it does not take", e.Call, e.What)
}

// OptionError says that an option could not be set.
type OptionError struct {
	Name, Value string
	Reason      string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("lpsolve: option %s = %q: %s", e.Name, e.Value, e.Reason)
}

// SizeError says that a model has more variables, constraints or nonzeros than the solver's 32-bit indices reach.
type SizeError struct{ Variables, Constraints, Nonzeros int }

func (e *SizeError) Error() string {
	return fmt.Sprintf("lpsolve: %d variables, %d constraints and %d nonzeros are more than the solver's 32-bit indices reach: use another backend",
		e.Variables, e.Constraints, e.Nonzeros)
}

const (
	name         = "lpsolve"
	builtWithout = "build with cgo and without the tag nolpsolve, and install lp_solve 5.5 (Debian: lp-solve)"
	notThere     = "install lp_solve 5.5 (Debian, Ubuntu: lp-solve; Homebrew: lp_solve), or name its shared library in BILEVEL_LPSOLVE"
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
