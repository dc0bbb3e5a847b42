package bilevel

import (
	"time"

	"github.com/gobilevel/bilevel/model"
)

// Options are the settings of Solve. The zero value of each field is its default.
type Options struct {
	// Reform is the chain of reformulations, "kkt+big-m", "kkt+sos1", "strong-duality", or "auto" (default): the planner's choice.
	// Passes that it does not name and that are needed (normalise, price-product) are added by the planner.
	Reform string
	// Backend is the solver for what the reformulations leave: "highs", "branch" (the branch and bound on complementarity pairs), or
	// "auto" (default).
	Backend string
	// BigM is the constant for the pairs whose bounds cannot be proven when the chain has big-M; 0 chooses one, 1e4, and enlarges it as
	// needed. An answer that rests on it is global only if the bound holds.
	BigM float64
	// RelaxT is the parameter t > 0 of the relaxations and smoothed NCP functions ("relax:scholtes", "ncp:chks" and so on) where they are a stage
	// to look at or to export; 0: 1e-2. A solve follows t to zero instead. It is also the ε of the pass "value-function", where 0 stands for 0,
	// and the parameter of "smooth" and "tikhonov", which a solve follows to zero, too.
	RelaxT float64
	// Penalty is the weight ρ > 0 of the products of pairs in the objective where "penalty" is a stage to look at or to export; 0: 10. A solve
	// enlarges it until the products vanish. It is also the weight λ of the pass "value-function:penalty", and the only one that the methods
	// "value-function:newton", "value-function:gauss-newton" and "value-function:lm" then try.
	Penalty float64
	// Attitude is how the followers break ties between their optimal answers: Optimistic (default), Pessimistic, Cooperation or StrongWeak.
	Attitude Attitude
	// TimeLimit bounds the whole solve; 0: none besides the context's deadline.
	TimeLimit time.Duration
	// Gap is the relative gap at which the search stops, in [0, 1); default 1e-6, and 1e-3 in the way "global", where it is relative to max(1, |objective|).
	Gap float64
	// Tolerance is the largest violation and follower gap with which a point counts as verified, relative to the size of the terms;
	// default 1e-6.
	Tolerance float64
	// Threads bounds the threads of the solver; 0: its choice.
	Threads int
	// Without switches parts of the search on pairs off, by the names that SearchIdeas lists: "cuts", "strong-branching" and so on, and "blocks", by which the
	// built-in nonlinear solver factorises the conditions of several followers apart, on Threads goroutines. The
	// answers stay the same; what a part brings is seen in the time and in Result.Search.
	Without []string
	// Opportunistic lets the threads of the search learn from each other at once: a little faster, but two runs may differ.
	Opportunistic bool
	// Multistart is the number of points that a local method sets out from: the start, and others drawn from the box of the leader's
	// variables and answered by the followers. The best verified answer is kept. 1: the start alone; 0: 8 for a model with at most
	// 30 variables, else 1.
	Multistart int
	// MaxEvaluations bounds the evaluations of the objective by a local method, over all starts; 0: no bound.
	MaxEvaluations int
	// Seed makes random choices repeatable.
	Seed int
	// Start is a point to start from, nil: the model's start values where there are any.
	Start *model.Point
	// Events receives reports of progress, from one goroutine at a time; nil: none.
	Events func(Event)
	// Log receives the lines that the solvers print, nil: none.
	Log func(line string)
}

// Event is a report of progress. Values that do not exist are NaN; Incumbent and Bound are in the sense of the leader's objective as declared.
type Event struct {
	Step             string // "plan", "bounds", "milp", "branch", "verify"
	Message          string
	Iteration, Nodes int
	Incumbent, Bound float64
	Gap              float64
	Elapsed          time.Duration
}
