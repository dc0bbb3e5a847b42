package bilevel

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/regions"
)

// solveRegions enumerates the critical regions and concludes from the best point of all of them.
func (s *solver) solveRegions(ctx, search context.Context) (*Result, error) {
	if _, err := s.chain(s.m, false); err != nil {
		return nil, err
	}
	chain, p, err := s.prepareRegions(search)
	if err != nil {
		return s.stopped(ctx, err)
	}
	s.notes = append(s.notes, whyRegions(p))
	s.say("plan", "%v -> %s", append(chain.Names(), regionsWay), "highs")
	found, err := s.enumerateRegions(search, p, regions.Options{})
	if err != nil {
		return s.stopped(ctx, s.noRegions(err))
	}
	return s.conclude(ctx, s.regionsAttempt(chain, found))
}

// enumerateRegions runs the enumeration with the options of the solve.
func (s *solver) enumerateRegions(ctx context.Context, p *regions.Problem, o regions.Options) (*regions.Result, error) {
	o.Gap, o.Seed = s.opt.Gap, uint64(s.opt.Seed)
	events := s.events()
	o.Progress = func(t regions.Statistics) {
		events(backends.Event{Step: regionsWay, Nodes: t.Regions, Iteration: t.Pivots, Incumbent: t.Incumbent, Bound: t.Bound, Gap: math.NaN(), Residual: math.NaN()})
	}
	return p.Solve(ctx, o)
}

// regionsAttempt is what an enumeration claims.
func (s *solver) regionsAttempt(chain *reform.Chain, found *regions.Result) *attempt {
	t := found.Statistics
	a := &attempt{chain: chain, backend: "highs", method: regionsWay}
	a.claim = &backends.Result{Status: found.Status, Proof: found.Proof, Objective: found.Objective, Bound: found.Bound, Gap: math.NaN(), Nodes: t.Regions, Iterations: t.Pivots}
	if found.X != nil {
		a.claim.Point = &model.Point{X: found.X}
	}
	s.notes = append(s.notes, fmt.Sprintf("%s; %d closed by tangents of the leader's value, %s solved", plural(t.Regions, "critical region"), t.Pruned, plural(t.Leaves, "program")))
	if found.Why != "" {
		s.notes = append(s.notes, "the enumeration of critical regions is not complete: "+found.Why)
	}
	return a
}
