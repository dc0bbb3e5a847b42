package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/report"
)

// searchFlags are the flags of the search on pairs.
type searchFlags struct {
	without       []string
	opportunistic bool
}

func (f *searchFlags) flags(c *cobra.Command) {
	names := bilevel.SearchIdeas()
	c.Flags().StringSliceVar(&f.without, "without", nil, "switch `parts` of the search on pairs off, joined by commas: "+strings.Join(names, ", "))
	c.Flags().BoolVar(&f.opportunistic, "opportunistic", false, "let the threads of the search learn from each other at once: faster, but two runs may differ")
	complete(c, "without", names)
}

func (f *searchFlags) set(o *bilevel.Options) {
	o.Without, o.Opportunistic = f.without, f.opportunistic
}

// searchObject writes what the parts of the search brought, null where it did not run.
func searchObject(j *jsonWriter, s *branch.Statistics) {
	if s == nil {
		j.null("search")
		return
	}
	j.object("search", func() {
		j.integer("threads", s.Threads)
		j.integer("lps", s.LPs)
		j.integer("tangents", s.Tangents)
		j.integer("probe_rounds", s.ProbeRounds)
		j.integer("probe_fixed", s.ProbeFixed)
		j.integer("open_after_probe", s.OpenAfterProbe)
		j.integer("propagated", s.Propagated)
		j.integer("propagation_pruned", s.PropagationPruned)
		j.integer("cut_rounds", s.CutRounds)
		j.integer("cuts_made", s.CutsMade)
		j.integer("cuts_kept", s.CutsKept)
		j.number("first_bound", s.FirstBound)
		j.number("root_bound", s.RootBound)
		j.integer("reduced_cost_tightenings", s.ReducedCostTightenings)
		j.integer("strong_trials", s.StrongTrials)
		j.integer("strong_fixed", s.StrongFixed)
		j.integer("local_rows", s.LocalRows)
		j.integer("leader_branchings", s.LeaderBranchings)
		j.integer("incumbents", s.Incumbents)
		j.integer("answers", s.HeuristicPoints)
		j.integer("rounding_points", s.RoundingPoints)
		j.integer("local_search_points", s.LocalSearchPoints)
	})
}

// searchLines say in words what the parts of the search brought; a part that had nothing to do has no line.
func searchLines(s *branch.Statistics) []string {
	if s == nil {
		return nil
	}
	count := report.Count
	out := []string{fmt.Sprintf("%s with %s on %s", count(s.Nodes, "node"), count(s.LPs, "LP"), count(s.Threads, "thread"))}
	add := func(some bool, format string, args ...any) {
		if some {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(s.ProbeRounds > 0, "probing fixed %s", count(s.ProbeFixed, "pair"))
	add(true, "%s open at the root", count(s.OpenAfterProbe, "pair"))
	if !math.IsNaN(s.FirstBound) {
		add(true, "the first LP gave the bound %s", report.Number(s.FirstBound))
	}
	add(s.CutsMade > 0, "%s in %s, %s of them kept: the bound became %s", count(s.CutsMade, "cut"), count(s.CutRounds, "round"), count(s.CutsKept, "cut"), report.Number(s.RootBound))
	add(s.LocalRows > 0, "the bounds of nodes went into %s", count(s.LocalRows, "primal-dual inequality"))
	add(s.Propagated+s.PropagationPruned > 0, "propagation fixed %s and closed %s without an LP", count(s.Propagated, "member"), count(s.PropagationPruned, "node"))
	add(s.ReducedCostTightenings > 0, "reduced costs tightened %s", count(s.ReducedCostTightenings, "bound"))
	add(s.StrongTrials > 0, "strong branching tried %s and fixed %s", count(s.StrongTrials, "member"), count(s.StrongFixed, "member"))
	add(s.LeaderBranchings > 0, "%s on variables of the leader", count(s.LeaderBranchings, "branching"))
	add(s.Tangents > 0, "%s of the quadratic objective", count(s.Tangents, "tangent"))
	add(s.Incumbents > 0, "%s: %s after the followers' answers, %s by rounding, %s by flipped pairs", count(s.Incumbents, "incumbent"),
		count(s.HeuristicPoints, "improvement"), count(s.RoundingPoints, "improvement"), count(s.LocalSearchPoints, "improvement"))
	return out
}
