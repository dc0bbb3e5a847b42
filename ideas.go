package bilevel

import (
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/internal/nearest"
)

// milpLane is the name in Options.Without of HiGHS on proven big-M, which sets out beside the search where both may be the faster one.
const milpLane = "milp"

// apartFactors is the name in Options.Without of factorising the conditions of several followers apart, in the built-in solver of relaxed and smoothed pairs.
const apartFactors = "blocks"

// ideas are the parts of the search, and the ways beside it, that Options.Without may name, and how each is switched off.
var ideas = []struct {
	name string
	off  func(o *branch.Options)
}{
	{"probing", func(o *branch.Options) { o.ProbeTime = -1 }},
	{"propagation", func(o *branch.Options) { o.NoPropagation = true }},
	{"cutoff", func(o *branch.Options) { o.NoCutoffRow = true }},
	{"cuts", func(o *branch.Options) { o.CutRounds = -1 }},
	{"penalties", func(o *branch.Options) { o.NoPenalties = true }},
	{"reduced-costs", func(o *branch.Options) { o.NoReducedCosts = true }},
	{"strong-branching", func(o *branch.Options) { o.StrongCandidates = -1 }},
	{"local-search", func(o *branch.Options) { o.NoLocalSearch = true }},
	{"rounding", func(o *branch.Options) { o.NoRounding = true }},
	{"neighbourhoods", func(o *branch.Options) { o.NoNear = true }},
	{"alternation", func(o *branch.Options) { o.NoAlternation = true }},
	{"guide", func(o *branch.Options) { o.NoGuide = true }},
	{"answers", func(o *branch.Options) { o.Complete = nil }},
	{"local-rows", func(o *branch.Options) { o.NoLocalRows = true }},
	{"leader-branching", func(o *branch.Options) { o.Branching = branch.BranchPairs }},
	{wholeAnswers, func(*branch.Options) {}},
	{milpLane, func(*branch.Options) {}},
	{regionsWay, func(*branch.Options) {}},
	{apartFactors, func(*branch.Options) {}},
}

// SearchIdeas lists the names that Options.Without may have.
func SearchIdeas() []string {
	var out []string
	for _, i := range ideas {
		out = append(out, i.name)
	}
	return out
}

// checkIdeas refuses names in Options.Without that are not those of an idea.
func (o *Options) checkIdeas() error {
	for _, name := range o.Without {
		if !contains(SearchIdeas(), name) {
			near := nearest.DidYouMean(name, SearchIdeas())
			if near != "" {
				near += " "
			}
			return &OptionError{"without", fmt.Sprintf("the search has no part %q; %sits parts are %s", name, near, strings.Join(SearchIdeas(), ", "))}
		}
	}
	return nil
}

// without reports whether an idea is switched off.
func (s *solver) without(name string) bool { return contains(s.opt.Without, name) }

// switchOff switches off what Options.Without names.
func (s *solver) switchOff(o *branch.Options) {
	for _, i := range ideas {
		if s.without(i.name) {
			i.off(o)
		}
	}
}
