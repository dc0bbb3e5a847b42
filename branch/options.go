package branch

import (
	"context"
	"runtime"
	"time"

	"github.com/gobilevel/bilevel/backends"
)

// Options are the settings of a search. The zero value of each field is its default. Every idea of the search can be switched off, so that
// what it brings can be measured.
type Options struct {
	TimeLimit        time.Duration // 0: none besides the context's deadline
	Gap              float64       // relative gap at which the search stops; default 1e-6, negative: 0
	AbsoluteGap      float64       // absolute gap at which it stops; default 1e-9
	NodeLimit        int           // 0: none
	Threads          int           // dives at a time; default: the number of processors, at most 4
	Reserved         func() int    // threads that others need for now, asked between dives; nil: none
	Opportunistic    bool          // let threads learn from each other at once: a little faster, but two runs may differ
	StrongCandidates int           // pairs tried by LP solves at a node; default 8, negative: none
	StrongIterations int           // iterations of such a solve; default 50
	Reliable         int           // solves after which a pseudocost is trusted; default 2
	ProbeTime        time.Duration // time for probing at the root; default 10 s, negative: no probing
	CutRounds        int           // rounds of disjunctive cuts at the root; default 20, negative: none
	HeuristicEvery   int           // nodes between calls of Complete after the first 20, doubled whenever four calls in a row bring nothing; default 30
	NoPropagation    bool          // do not propagate in nodes
	NoCutoffRow      bool          // do not propagate the objective's cutoff
	NoPenalties      bool          // do not fix members by the penalties of the LP of a node
	NoReducedCosts   bool          // do not tighten bounds by the root's reduced costs
	NoLocalSearch    bool          // do not flip pairs of incumbents
	NoRounding       bool          // no rounding dives for incumbents
	NoNear           bool          // no dives between a node and the incumbent, and no exchanges of its multipliers
	NoAlternation    bool          // no turns between multipliers and the other variables for incumbents
	NoGuide          bool          // do not choose among multipliers by the slacks they meet
	NoLocalRows      bool          // do not keep primal-dual inequalities with the bounds of the node
	// Branching chooses what is branched on: pairs, or the leader's variables that multiply followers' variables in the local rows. By
	// default the search begins with pairs and changes over where that does not move the bound.
	Branching Branching
	// Complete returns a point of the model that satisfies all pairs, near x (typically the leader's variables of x, with the followers'
	// answers), or nil. It gives the search incumbents, and is called by several goroutines at once.
	Complete func(ctx context.Context, x []float64) []float64
	Start    []float64   // a point whose pattern of complementarity gives a first incumbent; nil: none
	Warm     *Warm       // what an earlier search of a model with the same variables and constraints has learned; nil: nothing
	Learned  func(*Warm) // receives what this search has learned, for the next one; nil: nobody asks
	Events   func(backends.Event)
}

// Branching is a rule for what to branch on.
type Branching uint8

// The rules.
const (
	BranchAuto   Branching = iota // pairs first, leader variables where these do not move the bound
	BranchPairs                   // pairs only
	BranchLeader                  // leader variables while a product is off, then pairs
)

func (o *Options) defaults() {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.Threads, min(4, runtime.NumCPU()))
	set(&o.StrongCandidates, 8)
	set(&o.StrongIterations, 50)
	set(&o.Reliable, 2)
	set(&o.HeuristicEvery, 30)
	set(&o.CutRounds, 20)
	o.Threads = max(o.Threads, 1)
	if o.Gap == 0 {
		o.Gap = 1e-6
	}
	if o.AbsoluteGap == 0 {
		o.AbsoluteGap = 1e-9
	}
	if o.ProbeTime == 0 {
		o.ProbeTime = 10 * time.Second
	}
}
