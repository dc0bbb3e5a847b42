package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/branch"
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
		j.integer("penalty_fixed", s.PenaltyFixed)
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
		j.integer("near_points", s.NearPoints)
		j.integer("exchange_points", s.ExchangePoints)
		j.integer("alternation_points", s.AlternationPoints)
		j.integer("local_search_points", s.LocalSearchPoints)
	})
}
