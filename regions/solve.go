package regions

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/model"
)

// Options are the settings of an enumeration. The zero value of each field is its default.
type Options struct {
	Gap        float64 // relative gap up to which a leaf need not be looked into; default 1e-6
	MaxRegions int     // after which the enumeration ends without a proof; 0: none
	Seed       uint64
	Progress   func(Statistics) // called now and then; nil: nobody asks
}

// Statistics say what an enumeration did.
type Statistics struct {
	Regions   int     // critical regions
	Thin      int     // of regions that are too thin to tell apart, of which only the leaf is solved
	Pieces    int     // convex pieces of the leader's box that were looked at
	Pivots    int     // of the followers' bases
	Leaves    int     // that were solved as programs of their own
	Pruned    int     // regions that tangents of the leader's value closed
	Faces     int     // patterns of faces, where the followers may have ties
	Cuts      int     // half-spaces without answers
	Incumbent float64 // as declared, NaN without
	Bound     float64
}

// Result is the outcome of an enumeration. Objective and Bound are in the sense of the leader's objective as declared, NaN where there is none.
type Result struct {
	Status     model.Status
	Proof      model.Proof
	X          []float64 // of the optimality conditions, nil without a point
	Objective  float64
	Bound      float64
	Statistics Statistics
	Why        string // why there is no proof, "" where there is one
}

// search is an enumeration under way. Values are those of the minimised objective.
type search struct {
	p      *Problem
	opt    Options
	ctx    context.Context
	rand   *rand.Rand
	ts     []*tableau
	leaf   *leaves
	values *values
	cuts   []cut
	done   map[string]bool // patterns of leaves
	stat   Statistics

	best  []float64 // of the optimality conditions, or without their multipliers
	of    [][]bool  // the pattern of best where the multipliers are to come yet
	value float64
	open  float64 // the least bound of leaves that were not closed
	why   string
	ended bool    // unbounded
	floor float64 // the least cutoff by which a region was closed

	given  int                             // pieces that were given up because rounding hides what is in them
	barren int                             // frames without an answer of some follower
	found  func(f *frame, g *region) error // what is done with each region
}

// errBudget ends an enumeration.
var errBudget = errors.New("the number of regions has reached its limit")

// errSlivers ends one that does not get ahead.
var errSlivers = errors.New("too many regions are too thin to tell apart")

// Solve enumerates the critical regions and returns the best point of all. It is exact up to the tolerances that the package's comment names. Errors are of type *NotForError, or those of
// a solver that broke; a stop by ctx is a result.
func (p *Problem) Solve(ctx context.Context, opt Options) (*Result, error) {
	if opt.Gap == 0 {
		opt.Gap = 1e-6
	}
	s := &search{p: p, opt: opt, ctx: ctx, rand: rand.New(rand.NewPCG(opt.Seed, 7)), done: map[string]bool{}, value: math.Inf(1), open: math.Inf(1), floor: math.Inf(1)}
	var err error
	if s.leaf, err = newLeaves(p); err != nil {
		return nil, err
	}
	defer s.leaf.close()
	relaxed, empty, err := s.leaf.relaxation(ctx)
	if err != nil {
		return nil, err
	}
	if empty {
		return s.result(math.Inf(1))
	}
	var none string
	if s.ts, none, err = p.tableaus(s.rand); err != nil {
		return nil, err
	}
	if none != "" {
		s.why = ""
		return s.result(math.Inf(1))
	}
	s.values, s.found = newValues(p), s.close
	found := false
	frames := newFrames(p.lo, p.hi)
	for _, f := range frames {
		n := s.stat.Regions
		err := s.cover(&f, s.domain(&f))
		found = found || s.stat.Regions > n
		var lost *lostError
		switch {
		case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded), errors.Is(err, errBudget), errors.Is(err, errSlivers), errors.As(err, &lost), errors.Is(err, errSteps):
			s.why, s.open = err.Error(), math.Min(s.open, relaxed)
			return s.result(relaxed)
		case err != nil:
			return nil, err
		}
		if s.ended {
			break
		}
	}
	if !found && !s.ended && s.barren < len(frames) {
		return nil, &NotForError{"", "the decisions to which all followers have answers have no interior"}
	}
	return s.result(relaxed)
}

func (s *search) progress() {
	if s.opt.Progress == nil || s.stat.Regions%50 != 0 {
		return
	}
	t := s.stat
	t.Incumbent, t.Bound = math.NaN(), math.NaN()
	if !math.IsInf(s.value, 1) {
		t.Incumbent = s.leaf.sign * s.value
	}
	s.opt.Progress(t)
}

// result states what was found; relaxed is a bound that holds without an enumeration.
func (s *search) result(relaxed float64) (*Result, error) {
	if err := s.complete(); err != nil {
		return nil, err
	}
	r := &Result{X: s.best, Objective: math.NaN(), Bound: math.NaN(), Statistics: s.stat, Why: s.why}
	if s.best != nil {
		r.Objective = s.leaf.sign * s.value
	}
	r.Statistics.Incumbent, r.Statistics.Bound = r.Objective, math.NaN()
	bound := math.Max(math.Min(s.floor, math.Min(s.open, s.value)), math.Min(relaxed, s.value))
	switch { // what was closed by a cutoff, or given up, does not carry every claim
	case s.ended || s.why != "":
	case s.best == nil && s.given > 0:
		s.why = fmt.Sprintf("%d pieces without a feasible answer are too thin to tell it", s.given)
	case s.best != nil && s.value-bound > 2*math.Max(1e-6, s.opt.Gap)*math.Max(1, math.Abs(s.value)):
		s.why = "the best region's point came out worse than its tangents said"
		s.open = math.Min(s.open, bound)
	}
	r.Why = s.why
	complete := s.why == ""
	switch {
	case s.ended:
		r.Status, r.Proof = model.StatusUnbounded, model.ProofUnbounded
		return r, nil
	case complete && s.best == nil:
		r.Status, r.Proof = model.StatusInfeasible, model.ProofInfeasible
		return r, nil
	case complete:
		r.Status, r.Proof = model.StatusOptimal, model.ProofGlobal
		r.Bound = s.leaf.sign * bound
	default:
		r.Status, r.Proof = model.StatusLimit, model.ProofNone
		if s.best != nil {
			r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible
		}
		if bound := math.Max(relaxed, math.Min(s.open, s.value)); !math.IsInf(bound, 0) {
			r.Bound = s.leaf.sign * math.Min(bound, s.value)
		}
	}
	r.Statistics.Bound = r.Bound
	return r, nil
}
