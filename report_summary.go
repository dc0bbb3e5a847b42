package bilevel

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// Summary is the result as package report prints it. A search that was stopped with a verified point counts as feasible: that says more
// than that it was stopped.
func (r *Result) Summary() *report.Summary {
	s := &report.Summary{Model: r.Model, Status: r.Status, Proof: r.Proof, Stationarity: r.Stationarity, Objective: r.Objective, Bound: r.Bound,
		Gap: r.Gap, Certificate: r.Certificate, Plan: r.Plan, Backend: r.Backend, Seconds: r.Seconds, Nodes: r.Nodes, Iterations: r.Iterations,
		Notes: r.Notes, Assumptions: r.Assumptions, Optimistic: r.Optimistic, Pessimistic: r.Pessimistic, Infimum: r.Infimum, Search: searchLines(r.Search)}
	if !r.Attitude.IsOptimistic() {
		s.Attitude, s.Attainment = r.Attitude.String(), r.Attainment.String()
	}
	if r.Point != nil {
		s.X = r.Point.X
		if r.Certificate != nil && r.Certificate.Verified && (r.Status == model.StatusLimit || r.Status == model.StatusInterrupted) {
			s.Status = model.StatusFeasible
		}
	}
	return s
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
	add(s.PenaltyFixed > 0, "the penalties of nodes fixed %s", count(s.PenaltyFixed, "member"))
	add(s.ReducedCostTightenings > 0, "reduced costs tightened %s", count(s.ReducedCostTightenings, "bound"))
	add(s.StrongTrials > 0, "strong branching tried %s and fixed %s", count(s.StrongTrials, "member"), count(s.StrongFixed, "member"))
	add(s.LeaderBranchings > 0, "%s on variables of the leader", count(s.LeaderBranchings, "branching"))
	add(s.Tangents > 0, "%s of the quadratic objective", count(s.Tangents, "tangent"))
	add(s.Incumbents > 0, "%s: %s after the followers' answers, %s by rounding, %s near an earlier one, %s by exchanged multipliers, %s by alternation, %s by flipped pairs", count(s.Incumbents, "incumbent"),
		count(s.HeuristicPoints, "improvement"), count(s.RoundingPoints, "improvement"), count(s.NearPoints, "improvement"), count(s.ExchangePoints, "improvement"), count(s.AlternationPoints, "improvement"), count(s.LocalSearchPoints, "improvement"))
	return out
}
