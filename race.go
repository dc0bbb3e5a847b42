package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// Neither the search on pairs nor HiGHS on proven big-M is the better way for all models with many pairs, and their structure does not tell
// which is: the search closes some in no time that HiGHS does not finish, and the other way round. So both set out, the search first. The
// first one that ends with a proof ends the other.

// raceStart is the head start of the search: what it solves within it needs no second way.
const raceStart = 300 * time.Millisecond

// lane is one way in a race.
type lane struct {
	attempt *attempt
	err     error
	why     string // why it did not run, "" where it did
}

// race solves the model with pairs at the end of a's chain in both ways.
func (s *solver) race(ctx context.Context, a *attempt) (*attempt, error) {
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	search, endSearch := context.WithCancel(stop)
	milp, endMILP := context.WithCancel(stop)
	defer endSearch()
	defer endMILP()
	var seen sighting
	var reserved atomic.Int32
	searched, solved := make(chan lane, 1), make(chan lane, 1)
	start := s.startPoint(ctx, a)
	go func() { searched <- s.searchLane(search, a, start, &seen, &reserved) }()
	go func() { solved <- s.milpLane(milp, a, start, &reserved) }()
	var one, two *lane
	for one == nil || two == nil {
		select {
		case l := <-searched:
			one = &l
			if l.err == nil && proven(l.attempt) {
				endMILP()
			}
		case l := <-solved:
			two = &l
			if l.err == nil && proven(l.attempt) {
				if seen.contradicts(l.attempt.claim, s.sense(), s.opt.Gap) {
					two.why = "HiGHS claimed an optimum that the search has beaten: not believed"
				} else {
					endSearch()
				}
			}
		}
	}
	return s.podium(ctx, *one, *two)
}

// proven reports whether an attempt ended with a proof.
func proven(a *attempt) bool {
	if a == nil || a.claim == nil {
		return false
	}
	switch a.claim.Status {
	case model.StatusOptimal, model.StatusInfeasible, model.StatusUnbounded:
		return true
	}
	return false
}

// searchLane runs the search on pairs, which leaves a thread to the other lane while that runs.
func (s *solver) searchLane(ctx context.Context, a *attempt, start *model.Point, seen *sighting, reserved *atomic.Int32) lane {
	out := *a
	out.backend = "branch"
	o := s.searchOptions(a, seen.watch(s.events()))
	o.Threads = s.threads()
	o.Reserved = func() int {
		if s.beside != nil {
			return int(reserved.Load() + s.beside.Load())
		}
		return int(reserved.Load())
	}
	var err error
	out.claim, out.search, err = branch.SolveModel(ctx, a.chain.Model(), s.backendOptions(start), o)
	return lane{attempt: &out, err: err}
}

// milpLane waits for the head start to end, proves big-M and runs HiGHS.
func (s *solver) milpLane(ctx context.Context, a *attempt, start *model.Point, reserved *atomic.Int32) lane {
	wait := raceStart
	if s.threads() == 1 {
		wait = 10 * time.Second
	}
	select {
	case <-ctx.Done():
		return lane{why: "the search was faster"}
	case <-time.After(wait):
	}
	reserved.Store(1)
	defer reserved.Store(0)
	out := attempt{chain: a.chain.Cut(a.chain.Len()), backend: "highs"}
	if s.whole {
		return s.runMILP(ctx, out, start)
	}
	if err := out.chain.Apply(ctx, s.pass("big-m", out.chain.Model())); err != nil {
		if ctx.Err() != nil {
			return lane{why: "the bounds for big-M took too long"}
		}
		var no *reform.NotAcceptedError
		if errors.As(err, &no) {
			return lane{why: err.Error()}
		}
		return lane{err: err}
	}
	if out.chain.Infeasible {
		return lane{attempt: out.infeasible()}
	}
	if s.weak(out.chain) {
		return lane{why: "some big-M cannot be proven, or only a large one"}
	}
	return s.runMILP(ctx, out, start)
}

// runMILP runs HiGHS on what the chain has made.
func (s *solver) runMILP(ctx context.Context, out attempt, start *model.Point) lane {
	b, err := backends.Open("highs")
	if err != nil {
		return lane{why: err.Error()}
	}
	opt := s.backendOptions(nil)
	opt.Threads = 1
	if start != nil {
		opt.Start = s.startPoint(ctx, &out)
	}
	out.claim, err = b.Solve(ctx, out.chain.Model(), opt, s.events())
	return lane{attempt: &out, err: err}
}

// podium makes one result of the two.
func (s *solver) podium(ctx context.Context, search, milp lane) (*attempt, error) {
	pairs, onMILP, tried := "the search on pairs", "HiGHS on proven big-M", "HiGHS on big-M"
	if s.whole {
		pairs, onMILP, tried = "the search", "HiGHS", "HiGHS"
	}
	if milp.attempt == nil || milp.attempt.claim == nil {
		if milp.err != nil && ctx.Err() == nil {
			s.notes = append(s.notes, tried+" failed: "+milp.err.Error())
		} else if milp.why != "" {
			s.notes = append(s.notes, tried+" did not run: "+milp.why)
		}
	}
	if search.err != nil {
		if milp.err == nil && milp.why == "" && proven(milp.attempt) {
			s.notes = append(s.notes, pairs+" failed: "+search.err.Error())
			milp.attempt.solved = true
			return milp.attempt, nil
		}
		return nil, search.err
	}
	first, second := search.attempt, milp.attempt
	first.solved = true
	switch {
	case milp.err != nil || second == nil || second.claim == nil:
		return first, nil
	case proven(first):
		s.notes = append(s.notes, pairs+" was faster than "+onMILP)
		return first, nil
	case milp.why != "":
		s.notes = append(s.notes, milp.why)
		return first, nil
	}
	second.solved = true
	second.search = first.search
	if proven(second) {
		s.notes = append(s.notes, onMILP+" was faster than "+pairs)
		return second, nil
	}
	// Both were stopped: the better point, and the better bound, which holds for both.
	if better(second, first, s.sense()) {
		first, second = second, first
	}
	if sign := s.sense(); !math.IsNaN(second.claim.Bound) && !(sign*first.claim.Bound >= sign*second.claim.Bound) {
		first.claim.Bound = second.claim.Bound
		if first.claim.Point != nil {
			first.claim.Gap = math.Abs(first.claim.Objective-first.claim.Bound) / math.Max(1e-10, math.Abs(first.claim.Objective))
		}
		s.notes = append(s.notes, fmt.Sprintf("the bound is that of %s", second.backend))
	}
	return first, nil
}

// sense is 1 where the leader minimises, -1 where it maximises.
func (s *solver) sense() float64 { return s.m.Leader().Objective().Sense.Sign() }

// better reports whether a has a point, and b none or a worse one.
func better(a, b *attempt, sign float64) bool {
	if a.claim.Point == nil {
		return false
	}
	return b.claim.Point == nil || sign*a.claim.Objective < sign*b.claim.Objective
}

// sighting is the best that the search has reported so far.
type sighting struct {
	mu        sync.Mutex
	incumbent float64
	any       bool
}

// watch passes events on and notes the incumbent.
func (g *sighting) watch(next func(backends.Event)) func(backends.Event) {
	return func(e backends.Event) {
		g.mu.Lock()
		if !math.IsNaN(e.Incumbent) {
			g.incumbent, g.any = e.Incumbent, true
		}
		g.mu.Unlock()
		next(e)
	}
}

// contradicts reports whether a claim of optimality, or of infeasibility, is refuted by a point of the search, which satisfies all rows and
// pairs: it is clearly better than the bound that the claim proves. The sign is 1 where the leader minimises.
func (g *sighting) contradicts(r *backends.Result, sign, gap float64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.any {
		return false
	}
	switch r.Status {
	case model.StatusInfeasible:
		return true
	case model.StatusOptimal:
		bound := r.Bound
		if math.IsNaN(bound) {
			bound = r.Objective
		}
		return sign*g.incumbent < sign*bound-math.Max(1e-9, 2*gap*math.Max(1, math.Abs(bound)))
	}
	return false
}

// events passes a backend's reports on.
func (s *solver) events() func(backends.Event) {
	return func(e backends.Event) {
		s.event(Event{Step: e.Step, Iteration: e.Iteration, Nodes: e.Nodes, Incumbent: e.Incumbent, Bound: e.Bound, Gap: e.Gap})
	}
}

// backendOptions are those that all backends get.
func (s *solver) backendOptions(start *model.Point) backends.Options {
	return backends.Options{Gap: s.opt.Gap, Threads: s.opt.Threads, Seed: s.opt.Seed, Log: s.opt.Log, Start: start}
}

// threads is the number of threads of the whole solve.
func (s *solver) threads() int {
	if s.opt.Threads > 0 {
		return s.opt.Threads
	}
	return min(4, runtime.NumCPU())
}
