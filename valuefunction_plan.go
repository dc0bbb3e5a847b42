package bilevel

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/nonlinear/valuefunction"
	"github.com/gobilevel/bilevel/reform"
)

// The optimality systems of the value-function form are solved by methods of their own, which take the model with its followers as it is:
// the last name of no chain, but a whole way. The passes value-function and value-function:penalty make models.

// valueFunctionMethods are the names of these ways.
var valueFunctionMethods = []struct {
	name   string
	method system.Method
}{
	{"value-function:newton", system.Newton},
	{"value-function:gauss-newton", system.GaussNewton},
	{"value-function:lm", system.LevenbergMarquardt},
}

// valueFunctionNames lists the names.
func valueFunctionNames() []string {
	var out []string
	for _, v := range valueFunctionMethods {
		out = append(out, v.name)
	}
	return out
}

// namesValueFunction reports whether a name is one of a pass or method of the value-function form. They take followers without shadow prices.
func namesValueFunction(name string) bool { return strings.HasPrefix(name, "value-function") }

// asksForValueFunction returns the method that the options name, and whether they name one. A chain that goes on, or is for ties, is a mistake
// that chain reports.
func (s *solver) asksForValueFunction() (system.Method, bool) {
	for _, v := range valueFunctionMethods {
		if strings.TrimSpace(s.opt.Reform) == v.name && !s.breaksTies() {
			return v.method, true
		}
	}
	return 0, false
}

// checkValueFunctionChain refuses a chain in which such a method has company.
func checkValueFunctionChain(named []string) error {
	for _, v := range valueFunctionMethods {
		if contains(named, v.name) && len(named) > 1 {
			return &OptionError{"reform", v.name + " takes the followers as they are and must stand alone; the pass value-function makes a model for other passes"}
		}
	}
	return nil
}

// planValueFunction says how the model would be solved by the method, or why it cannot be.
func (s *solver) planValueFunction() (*Plan, error) {
	if !s.autoBackend() && s.opt.Backend != "builtin" {
		return nil, &OptionError{"backend", strings.TrimSpace(s.opt.Reform) + " has a solver of its own: leave the backend out, or name builtin"}
	}
	if _, err := valuefunction.New(s.m); err != nil {
		var no *reform.NotAcceptedError
		if errors.As(err, &no) {
			return nil, &NoPlanError{Constructs: s.m.Constructs(), Where: s.m.Where(no.Construct), Reason: err.Error()}
		}
		return nil, err
	}
	return &Plan{Passes: []string{strings.TrimSpace(s.opt.Reform)}, Backend: "builtin",
		Why: []string{fmt.Sprintf("the optimality system of the value-function form is solved from %s with each of several weights; what the follower confirms is kept", plural(s.numStarts(), "start"))}}, nil
}

// valueFunctionPass is the pass of a name. With a weight it has that of the options.
func (s *solver) valueFunctionPass(name string) reform.Pass {
	if name == "value-function" {
		return reform.ValueFunction{Epsilon: s.opt.RelaxT}
	}
	lambda := s.opt.Penalty
	if lambda == 0 {
		lambda = reform.DefaultPenalty
	}
	return reform.ValueFunction{Lambda: lambda}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
