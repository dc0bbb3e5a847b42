package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/regions"
)

// Where few variables of the leader reach the followers, the search on pairs may be hopeless, because no pair says much about those variables, while their critical regions can be counted
// through; or there are far too many regions, and the search is done in no time. So both set out, the search first, and the first proof ends the other.

// racePairs is the number of pairs above which the regions are enumerated beside the search, and mostRacePairs that up to which; the enumeration ends after mostRegions regions.
const (
	racePairs     = 60
	mostRacePairs = 3000
	mostRegions   = 200000
)

// goesRegions reports whether a model is solved in both ways.
func (s *solver) goesRegions() bool {
	if !s.isAuto() || s.breaksTies() || s.onPath || s.session || s.locally || s.beside != nil || s.without(regionsWay) {
		return false
	}
	if n := followerPairs(s.m); n <= racePairs || n > mostRacePairs || regions.Accepts(s.m) != nil {
		return false
	}
	if _, err := backends.Open("highs"); err != nil {
		return false
	}
	return !steered(s.m) && !s.dualises(s.m) && !s.withoutPairs(s.m)
}

// followerPairs is the number of inequalities and bounds of the followers, each side by itself.
func followerPairs(m *model.Model) int {
	n := 0
	count := func(lo, hi float64) {
		if lo < hi {
			for _, side := range [2]float64{lo, hi} {
				if !math.IsInf(side, 0) {
					n++
				}
			}
		}
	}
	for r := range m.NumRows() {
		if m.RowOwner(r) > 0 {
			count(m.RowBounds(r))
		}
	}
	for j := range m.NumVars() {
		if m.VarOwner(j) > 0 {
			count(m.VarBounds(j))
		}
	}
	return n
}

// besideLane is the result of one of the two ways.
type besideLane struct {
	r   *Result
	err error
}

// solveBesideRegions goes both ways at a time.
func (s *solver) solveBesideRegions(ctx, search context.Context) (*Result, error) {
	one, two := *s, *s
	one.beside, two.beside = &atomic.Int32{}, &atomic.Int32{}
	one.notes, two.notes = slices.Clone(s.notes), slices.Clone(s.notes)
	pairs, endPairs := context.WithCancel(search)
	defer endPairs()
	enumeration, endEnumeration := context.WithCancel(search)
	defer endEnumeration()
	searched, enumerated := make(chan besideLane, 1), make(chan besideLane, 1)
	go func() {
		r, err := one.solve(ctx, pairs)
		searched <- besideLane{r, err}
	}()
	go func() {
		r, err := two.regionsLane(ctx, enumeration, one.beside)
		enumerated <- besideLane{r, err}
	}()
	var a, b *besideLane
	for a == nil || b == nil {
		select {
		case l := <-searched:
			a = &l
			if l.err == nil && l.r.Proof >= model.ProofGlobal {
				endEnumeration()
			}
		case l := <-enumerated:
			b = &l
			if l.err == nil && l.r != nil && l.r.Proof >= model.ProofGlobal {
				endPairs()
			}
		}
	}
	return s.besidePodium(*a, *b)
}

// regionsLane waits for the head start of the search to end, and enumerates. The result is nil where it did not begin, or is none for the model after all.
func (s *solver) regionsLane(ctx, search context.Context, reserved *atomic.Int32) (*Result, error) {
	wait := raceStart
	if s.threads() == 1 {
		wait = 10 * time.Second
	}
	select {
	case <-search.Done():
		return nil, nil
	case <-time.After(wait):
	}
	reserved.Store(1)
	defer reserved.Store(0)
	chain, p, err := s.prepareRegions(search)
	if err != nil {
		return nil, err
	}
	found, err := s.enumerateRegions(search, p, regions.Options{MaxRegions: mostRegions})
	if err != nil || search.Err() != nil && found.X == nil {
		return nil, err
	}
	return s.conclude(ctx, s.regionsAttempt(chain, found))
}

// besidePodium makes one result of the two.
func (s *solver) besidePodium(search, enumeration besideLane) (*Result, error) {
	a, b := search.r, enumeration.r
	switch {
	case b == nil || enumeration.err != nil:
		if err := enumeration.err; err != nil && a != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			a.Notes = append(a.Notes, fmt.Sprintf("the enumeration of critical regions ended without an answer: %v", err))
		}
		return a, search.err
	case search.err != nil:
		if b.Proof >= model.ProofGlobal {
			return b, nil
		}
		return nil, search.err
	}
	b.Search, b.Seconds = a.Search, time.Since(s.start).Seconds()
	first, second := a, b
	if b.Proof >= model.ProofGlobal && a.Proof < model.ProofGlobal || a.Proof < model.ProofGlobal && s.beats(b, a) {
		first, second = b, a
	}
	tol := 1e-6 * math.Max(1, math.Abs(second.Objective))
	switch {
	case second.Proof >= model.ProofGlobal && (first.Proof == model.ProofUnbounded) != (second.Proof == model.ProofUnbounded): // one has no bound, the other one is optimal, or infeasible
		if first.confirmed() {
			second = first
		}
		second.withdraw()
		second.Notes = append(second.Notes, "the search on pairs and the enumeration of critical regions contradict each other, one says that there is no bound: nothing is proven")
		return second, nil
	case first.Proof >= model.ProofGlobal && second.confirmed() && (first.Proof == model.ProofInfeasible || s.sense()*(second.Objective-first.Bound) < -tol):
		second.Proof, second.Status, second.Bound, second.Gap = min(second.Proof, model.ProofFeasible), model.StatusFeasible, math.NaN(), math.NaN()
		second.Notes = append(second.Notes, "the search on pairs and the enumeration of critical regions contradict each other within the tolerance of the check: nothing is proven")
		return second, nil
	case first.Proof >= model.ProofGlobal:
		if first == b {
			first.Notes = append(first.Notes, "the enumeration of critical regions was faster than the search on pairs")
		}
		return first, nil
	}
	if !math.IsNaN(second.Bound) && !(s.sense()*first.Bound >= s.sense()*second.Bound) && len(second.Assumptions) == 0 {
		before := first.Bound
		if first.Bound = second.Bound; s.refuted(first) {
			first.Bound = before
			return first, nil
		}
		if first.Point != nil {
			if s.sense()*(first.Objective-first.Bound) < 0 {
				first.Bound = first.Objective
			}
			first.Gap = math.Abs(first.Objective-first.Bound) / math.Max(1e-10, math.Abs(first.Objective))
		}
		way := "the search on pairs"
		if second == b {
			way = "the optimality conditions without their pairs"
		}
		first.Notes = append(first.Notes, fmt.Sprintf("the bound is that of %s", way))
	}
	return first, nil
}
