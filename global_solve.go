package bilevel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/bilevelglobal"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// solveGlobal solves the model by the global method and concludes from its answer.
func (s *solver) solveGlobal(ctx, search context.Context) (*Result, error) {
	plan, err := s.planGlobal()
	if err != nil {
		return nil, err
	}
	s.notes = append(s.notes, plan.Why...)
	s.say("plan", "%s -> %s", globalWay, plan.Backend)
	found, err := bilevelglobal.Solve(search, s.m, s.globalOptions())
	if err != nil {
		return s.stopped(ctx, err)
	}
	a := &attempt{chain: reform.NewChain(s.m), backend: plan.Backend, method: globalWay}
	a.claim = &backends.Result{Status: found.Status, Proof: found.Proof, Point: found.Point, Objective: found.F, Bound: found.Bound, Gap: found.Gap,
		Nodes: found.Statistics.Nodes, Iterations: found.Statistics.Programs, Seconds: found.Statistics.Seconds}
	return s.concludeGlobal(ctx, a, found)
}

// solveOnlyGlobal goes the global way because there is no other.
func (s *solver) solveOnlyGlobal(ctx, search context.Context) (*Result, error) {
	s.alone = true
	return s.solveGlobal(ctx, search)
}

// solveBothWays goes the way of larger models first, if there is one, and then the global one from the point that this has found. The answer is that of the
// first way only where the second one found no better point and did not close the gap.
func (s *solver) solveBothWays(ctx, search context.Context) (*Result, error) {
	first := *s
	first.locally, first.notes = true, nil
	part, stop := shareOf(search, 4)
	local, err := first.solve(ctx, part)
	stop()
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, err
	case err != nil: // there is no such way
		local = nil
	case local.Proof >= model.ProofGlobalIfBounds:
		return local, nil
	case local.confirmed():
		s.fallback = local.Point
	}
	return s.thenGlobal(ctx, search, local)
}

// closes reports whether the global method has a turn after a result that is not proven: that of a small model which was left to choose.
func (s *solver) closes(search context.Context, a *attempt, r *Result) bool {
	if !a.smooth || !s.isAuto() || s.locally || s.onPath || s.session || s.m.NumFollowers() == 0 || s.m.NumVars() > globalVariables || r.Proof >= model.ProofGlobalIfBounds || search.Err() != nil {
		return false
	}
	_, err := backends.Open("highs")
	return err == nil && bilevelglobal.Accepts(s.m) == nil
}

// thenGlobal goes the global way after another that has ended with local, which may be nil.
func (s *solver) thenGlobal(ctx, search context.Context, local *Result) (*Result, error) {
	r, err := s.solveGlobal(ctx, search)
	if err != nil || local == nil || !local.confirmed() {
		return r, err
	}
	local.Seconds = r.Seconds
	proven := r.Proof == model.ProofGlobal || r.Proof == model.ProofGlobalIfBounds
	tol := 1e-6 * math.Max(1, math.Abs(local.Objective))
	switch ahead := s.sense() * (r.Bound - local.Objective); {
	case r.Proof == model.ProofInfeasible, proven && ahead > tol:
		s.disagree(local, r)
		return local, nil
	case r.confirmed() && s.sense()*(r.Objective-local.Objective) < -tol, r.Proof >= model.ProofGlobalIfBounds && !proven:
		return r, nil
	case proven && local.Certificate.Evidence < verify.EvidenceConditions:
		return r, nil
	case proven: // the point of the first way is the more precise one, and as good
		local.Plan = append(slices.Clone(local.Plan), globalWay)
		local.Proof, local.Status, local.Assumptions, local.Nodes = r.Proof, r.Status, r.Assumptions, r.Nodes
		local.Notes = append(local.Notes, fmt.Sprintf("--reform %s proved it in %s: no point at which the followers answer optimally is better by more than %s, relative to max(1, |objective|)",
			globalWay, plural(r.Nodes, "node"), format(s.globalGap())))
		local.Bound = s.sense() * math.Min(s.sense()*r.Bound, s.sense()*local.Objective)
	default:
		local.Notes = append(local.Notes, fmt.Sprintf("--reform %s looked at %s and did not close the gap", globalWay, plural(r.Nodes, "node")))
		if math.IsNaN(r.Bound) || ahead > tol {
			return local, nil
		}
		local.Bound = s.sense() * math.Min(s.sense()*r.Bound, s.sense()*local.Objective)
	}
	local.Gap = globalDistance(local.Objective, local.Bound)
	return local, nil
}

// disagree withdraws what a proof has established that a verified point contradicts: the point counts, within the tolerance of the check, and the proof
// does not.
func (s *solver) disagree(point, proof *Result) {
	point.Proof, point.Status = min(point.Proof, model.ProofFeasible), model.StatusFeasible
	point.Bound, point.Gap = math.NaN(), math.NaN()
	point.Stationarity, point.StationarityReport = "", nil
	what := "that there is no point at which the followers answer optimally"
	if proof.Proof != model.ProofInfeasible {
		what = "that no such point is better than " + format(proof.Bound)
	}
	point.Notes = append(point.Notes, fmt.Sprintf("--reform %s claims %s, which this point contradicts within the tolerance %s of the check: nothing is proven", globalWay, what, format(s.opt.Tolerance)))
}

// globalDistance is the gap of this method, by which it stops: relative to the objective, and absolute where that is below 1.
func globalDistance(objective, bound float64) float64 {
	return math.Abs(objective-bound) / math.Max(1, math.Abs(objective))
}

// wholeFollowers reports whether a follower has integer variables.
func (s *solver) wholeFollowers() bool {
	return slices.ContainsFunc(s.m.Classify().Followers, func(f model.PlayerClass) bool { return f.Integers > 0 })
}

func (s *solver) globalOptions() bilevelglobal.Options {
	o := bilevelglobal.Options{Gap: s.globalGap(), Verify: s.verifyOptions()}
	if s.isAuto() {
		o.MaxNodes = globalBoxes
		if s.closing {
			o.MaxNodes = closingBoxes
		} else if s.alone || s.wholeFollowers() {
			o.MaxNodes = wholeBoxes
		}
	}
	if s.opt.Multistart > 0 {
		o.Starts = s.opt.Multistart
	}
	for _, p := range []*model.Point{s.opt.Start, s.warm, s.fallback} {
		if p != nil && len(p.X) == s.m.NumVars() {
			o.Incumbents = append(o.Incumbents, p.X)
		}
	}
	events := s.events()
	o.Progress = func(p bilevelglobal.Progress) bool {
		gap := math.Abs(p.F-p.Bound) / math.Max(1, math.Abs(p.F))
		events(backends.Event{Step: globalWay, Nodes: p.Nodes, Incumbent: p.F, Bound: p.Bound, Gap: gap, Residual: math.NaN()})
		return true
	}
	return o
}

// concludeGlobal measures the point in the model and states what is proven.
func (s *solver) concludeGlobal(ctx context.Context, a *attempt, found *bilevelglobal.Answer) (*Result, error) {
	r := s.claimed(a)
	r.Proof = found.Proof
	r.Notes = append(r.Notes, found.Notes...)
	for _, b := range found.Assumed {
		r.Assumptions = append(r.Assumptions, fmt.Sprintf("|%s| <= %s", b.Variable, format(b.Bound)))
	}
	if found.Point == nil {
		var err error
		if found.Proof != model.ProofInfeasible {
			r.Proof = model.ProofNone
			err = s.fallBackOn(ctx, r)
		} else {
			r.Bound = math.NaN()
		}
		r.Seconds = time.Since(s.start).Seconds()
		return r, err
	}
	check, cancel := checkTime(ctx)
	defer cancel()
	s.say("verify", "the followers are solved again at the leader's decision")
	if err := s.certify(check, r, found.Point); err != nil {
		return nil, err
	}
	if math.IsInf(r.Bound, 0) {
		r.Bound = math.NaN()
	}
	global := r.Proof == model.ProofGlobal || r.Proof == model.ProofGlobalIfBounds
	switch {
	case !r.Certificate.Verified:
		r.Proof, r.Status = model.ProofNone, model.StatusReducedAccuracy
		r.Notes = append(r.Notes, "the point was not verified: nothing is claimed of it")
	case global && r.Certificate.Evidence < verify.EvidenceConditions:
		r.Proof, r.Status = model.ProofFeasible, model.StatusFeasible
	case global:
		r.Notes = append(r.Notes, fmt.Sprintf("no point at which the followers answer optimally is better by more than %s, relative to max(1, |objective|); the followers' answer at this one is optimal to %s",
			format(s.globalGap()), format(s.opt.Tolerance)))
	}
	if len(found.Assumed) > 0 && r.Proof < model.ProofGlobalIfBounds {
		r.Bound, r.Gap = math.NaN(), math.NaN() // one of the points within the bounds that were assumed
	}
	if ahead := s.sense() * (r.Bound - r.Objective); ahead > 1e-6*math.Max(1, math.Abs(r.Objective)) {
		s.disagree(r, &Result{Proof: model.ProofGlobal, Bound: r.Bound})
	} else if !math.IsNaN(r.Bound) {
		if ahead > 0 {
			r.Bound = r.Objective
		}
		r.Gap = globalDistance(r.Objective, r.Bound)
	}
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}
