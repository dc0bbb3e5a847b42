package bilevel

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/bilevelglobal"
)

// globalWay names the method that proves a global optimum of a small model whose followers need not be convex. It takes the model with its followers as
// it is: the only name of its chain.
const globalWay = "global"

// A model of at most globalVariables variables with a follower that is not known to be convex goes this way where nothing else is asked for, and
// is then given globalBoxes boxes. One for which there is no other way, such as one with integer variables of a follower, may have wholeVariables, and is given wholeBoxes. One with convex followers of which a smooth solver has found a local solution is given closingBoxes.
const (
	globalVariables = 8
	globalBoxes     = 2000
	closingBoxes    = 300
	wholeVariables  = 100
	wholeBoxes      = 20000
)

// globalGap is the gap of this method where none is asked for.
const globalGap = 1e-3

// asksForGlobal reports whether the options name this method.
func (s *solver) asksForGlobal() bool {
	return strings.TrimSpace(s.opt.Reform) == globalWay && !s.breaksTies()
}

// goesGlobal reports whether a model goes this way without being asked to.
func (s *solver) goesGlobal() bool {
	if !s.isAuto() || s.breaksTies() || s.onPath || s.locally || s.m.NumFollowers() == 0 || s.m.NumVars() > wholeVariables || bilevelglobal.Accepts(s.m) != nil {
		return false
	}
	if _, err := backends.Open("highs"); err != nil {
		return false
	}
	for _, f := range s.m.Classify().Followers {
		if f.Integers > 0 || f.Convex != model.Yes && s.m.NumVars() <= globalVariables {
			return true
		}
	}
	return false
}

// goesGlobalInstead reports whether a model for which the planner knows no other way, as err says, goes this one: integer variables of the leader beside
// nonlinear functions or a quadratic objective that is not convex, for example.
func (s *solver) goesGlobalInstead(err error) bool {
	var none *NoPlanError
	if !errors.As(err, &none) || !s.isAuto() || s.breaksTies() || s.onPath || s.locally || s.m.NumVars() > wholeVariables || bilevelglobal.Accepts(s.m) != nil {
		return false
	}
	_, err = backends.Open("highs")
	return err == nil
}

// checkGlobalChain refuses a chain in which the method has company.
func checkGlobalChain(named []string) error {
	if contains(named, globalWay) && len(named) > 1 {
		return &OptionError{"reform", globalWay + " takes the followers as they are and must stand alone"}
	}
	return nil
}

// planGlobal says how the model would be solved by the method, or why it cannot be.
func (s *solver) planGlobal() (*Plan, error) {
	if !s.autoBackend() && s.opt.Backend != "highs" {
		return nil, &OptionError{"backend", globalWay + " solves linear relaxations by HiGHS: leave the backend out, or name highs"}
	}
	if _, err := backends.Open("highs"); err != nil {
		return nil, err
	}
	if err := bilevelglobal.Accepts(s.m); err != nil {
		return nil, &NoPlanError{Constructs: s.m.Constructs(), Reason: err.Error()}
	}
	why := fmt.Sprintf("the box of all variables is divided until no bilevel-feasible point is better than the best one found by more than %s", format(s.globalGap()))
	return &Plan{Passes: []string{globalWay}, Backend: "highs", Why: []string{why}}, nil
}

// globalGap is the gap that was asked for; the default of the other methods is replaced by a larger one.
func (s *solver) globalGap() float64 {
	if !s.gapAsked {
		return globalGap
	}
	return s.opt.Gap
}
