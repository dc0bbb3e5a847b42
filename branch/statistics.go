package branch

import "fmt"

// Statistics say what the search did and what each idea brought.
type Statistics struct {
	Nodes, LPs, Iterations, Tangents int
	ProbeRounds, ProbeFixed          int     // rounds of probing at the root, members fixed by it
	OpenAfterProbe                   int     // pairs that it left open
	Propagated                       int     // members fixed by propagation in nodes
	PenaltyFixed                     int     // members fixed by the penalties of nodes
	PropagationPruned                int     // nodes that propagation closed without an LP
	CutRounds, CutsMade, CutsKept    int     // disjunctive cuts at the root
	FirstBound, RootBound            float64 // of the objective as declared: before and after the cuts; NaN where there is none
	ReducedCostTightenings           int     // bounds tightened by reduced costs
	StrongTrials, StrongFixed        int     // short LP solves, members that they proved to be zero
	LocalRows                        int     // primal-dual inequalities with bounds of the node
	LeaderBranchings                 int     // branchings on leader variables
	Incumbents                       int
	HeuristicPoints                  int // incumbents from Complete
	LocalSearchPoints                int // incumbents from flipped pairs
	RoundingPoints                   int // incumbents from rounding dives
	AlternationPoints                int // incumbents from alternation between multipliers and the other variables
	ExchangePoints                   int // incumbents from exchanges of multipliers
	NearPoints                       int // incumbents from dives between a node and the incumbent
	Threads                          int // that took part
}

// add sums the counts of another thread.
func (s *Statistics) add(o Statistics) {
	s.Nodes += o.Nodes
	s.Propagated += o.Propagated
	s.PropagationPruned += o.PropagationPruned
	s.PenaltyFixed += o.PenaltyFixed
	s.StrongTrials += o.StrongTrials
	s.StrongFixed += o.StrongFixed
	s.LeaderBranchings += o.LeaderBranchings
	s.Incumbents += o.Incumbents
	s.HeuristicPoints += o.HeuristicPoints
	s.LocalSearchPoints += o.LocalSearchPoints
	s.RoundingPoints += o.RoundingPoints
	s.NearPoints += o.NearPoints
	s.AlternationPoints += o.AlternationPoints
	s.ExchangePoints += o.ExchangePoints
}

// String is one line for a log.
func (s Statistics) String() string {
	return fmt.Sprintf("%d nodes, %d LPs, %d iterations; probing fixed %d members and left %d pairs; %d of %d cuts kept; strong branching %d trials; propagation fixed %d members and closed %d nodes; penalties fixed %d members; "+
		"reduced costs tightened %d bounds; %d branchings on leader variables; %d incumbents, %d by answers, %d by rounding, %d near another, %d by exchanges, %d by alternation, %d by flips",
		s.Nodes, s.LPs, s.Iterations, s.ProbeFixed, s.OpenAfterProbe, s.CutsKept, s.CutsMade, s.StrongTrials, s.Propagated, s.PropagationPruned, s.PenaltyFixed,
		s.ReducedCostTightenings, s.LeaderBranchings, s.Incumbents, s.HeuristicPoints, s.RoundingPoints, s.NearPoints, s.ExchangePoints, s.AlternationPoints, s.LocalSearchPoints)
}
