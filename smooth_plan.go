package bilevel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// What is nonlinear goes to a local solver of smooth programs. Pairs are handed to it by a method that follows a parameter to zero (a
// relaxation, a smoothed NCP function, a penalty) and ends with the program of one branch, whose solution satisfies the pairs exactly. The
// answer is stationary, of a class that is found from multipliers computed anew; it is proven to be a global optimum only where
// the program is convex and has no pairs.

// smoothTakes are the constructs that a method and a smooth solver take together.
const smoothTakes = model.Complementarity | model.MixedPairs | model.ConvexQuadraticObjective | model.QuadraticObjective | model.QuadraticRows | model.NonlinearFunctions

// curved are the constructs that the exact ways do not take.
const curved = model.QuadraticObjective | model.QuadraticRows | model.NonlinearFunctions

// smoothOrder lists the backends with a smooth solver.
var smoothOrder = []string{"builtin", "ipopt"}

// builtinSize is the number of variables up to which the solver of our own goes first: on programs of some ten variables it needs a tenth of the
// time of Ipopt, on a thousand about as long.
const builtinSize = 500

// preferred are the smooth backends of this binary for a model of n variables, the first choice first.
func preferred(n int) []string {
	var out []string
	for _, b := range smoothOrder {
		if isSmooth(b) {
			out = append(out, b)
		}
	}
	if n > builtinSize {
		slices.Reverse(out)
	}
	return out
}

// mStationary is the method that solves the system of M-stationarity instead of a sequence of programs. It is no pass: no model is made.
const mStationary = "mstationary"

// isMethod reports whether a pass on pairs is followed through its parameter when it is the last of a chain that is solved. As a stage to
// look at or to export it is applied at one value.
func isMethod(name string) bool {
	return name == "penalty" || name == "product" || name == "relax" || name == "ncp" || name == mStationary || strings.HasPrefix(name, "relax:") || strings.HasPrefix(name, "ncp:")
}

// method splits the last pass off a chain where it is one that is followed.
func method(names []string) (rest []string, last string, err error) {
	for k, n := range names {
		if !isMethod(n) {
			continue
		}
		if k < len(names)-1 {
			return nil, "", &OptionError{"reform", fmt.Sprintf("%s is followed to its limit and must be the last of the chain; %s comes after it", n, names[k+1])}
		}
		return names[:k], n, nil
	}
	return names, "", nil
}

// isSmooth reports whether a backend has a smooth solver.
func isSmooth(name string) bool {
	s, err := backends.OpenSmooth(name)
	return err == nil && s != nil
}

// goesSmooth reports whether a model, the last of the chain so far, is left to a smooth solver: it is curved and nothing in it forbids it, or
// such a solver is asked for.
func (s *solver) goesSmooth(c model.Constructs, method string) bool {
	if method != "" || isSmooth(s.opt.Backend) {
		return true
	}
	return s.autoBackend() && c&curved != 0 && c.Without(smoothTakes) == 0 && len(preferred(0)) > 0
}

func (s *solver) autoBackend() bool { return s.opt.Backend == "" || s.opt.Backend == "auto" }

// smoothName is the smooth solver to use on a model, "" where this binary has none.
func (s *solver) smoothName(m *model.Model) string {
	if !s.autoBackend() {
		return s.opt.Backend
	}
	if list := preferred(m.NumVars()); len(list) > 0 {
		return list[0]
	}
	return ""
}

// finishSmooth decides how a model goes to a smooth solver.
func (s *solver) finishSmooth(m *model.Model, method string) (passes []string, backend, how string, why []string, err error) {
	c := m.Constructs()
	name := s.smoothName(m)
	if method == mStationary && s.autoBackend() {
		name = "builtin"
	}
	if method == mStationary && name != "builtin" {
		return nil, "", "", nil, &OptionError{"backend", mStationary + " has a solver of its own: leave the backend out, or name builtin"}
	}
	if name == "" || !isSmooth(name) {
		reason := "this binary has no smooth solver"
		if name != "" {
			reason = name + " is not a smooth solver"
		}
		return nil, "", "", nil, &NoPlanError{Constructs: c, Where: m.Where(hard(c)), Reason: fmt.Sprintf("%s, and %s is for one: choose from %s", reason, method, strings.Join(smoothOrder, ", "))}
	}
	if extra := c.Without(smoothTakes); extra != 0 {
		return nil, "", "", nil, &NoPlanError{Constructs: c, Where: m.Where(extra), Reason: fmt.Sprintf("%s does not take %v", name, extra)}
	}
	if c.Has(model.MixedPairs) {
		passes = append(passes, "normalise")
		why = append(why, "mixed pairs become standard ones")
	}
	if m.NumPairs() == 0 {
		return passes, name, "", append(why, fmt.Sprintf("%s takes the smooth program that is left", name)), nil
	}
	if method == "" {
		return passes, name, "auto", append(why, fmt.Sprintf("pairs are relaxed step by step, %s solves each program, and the branch at the end exactly", name)), nil
	}
	return passes, name, method, why, nil
}
