package bilevel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

func format(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// conclude recovers the point, lets the followers answer once more, measures the result and states what is proven.
func (s *solver) conclude(ctx context.Context, a *attempt) (*Result, error) {
	r := s.claimed(a)
	if a.claim.Point == nil || r.Status == model.StatusUnbounded {
		s.withoutPoint(r, a)
		claimed := r.Status
		if claimed == model.StatusLimit || claimed == model.StatusInterrupted || claimed == model.StatusInfeasible {
			if err := s.fallBackOn(ctx, r); err != nil {
				return nil, err
			}
			if claimed == model.StatusInfeasible && r.Point != nil {
				r.Notes = append(r.Notes, a.backend+" claimed that the model is infeasible, yet this point is not: the claim is not believed")
			}
		}
		r.Seconds = time.Since(s.start).Seconds()
		return r, nil
	}
	check, cancel := checkTime(ctx)
	defer cancel()
	p, err := s.polished(check, a)
	if err != nil {
		return nil, err
	}
	s.say("verify", "the followers are solved again at the leader's decision")
	if err := s.certify(check, r, p); err != nil {
		return nil, err
	}
	if err := s.sharpen(check, r, a); err != nil {
		return nil, err
	}
	s.judge(r, a)
	if a.smooth {
		if err := s.betterStart(check, r); err != nil {
			return nil, err
		}
		s.classify(check, r, a)
	}
	s.weighEvidence(r)
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}

// sharpen tries again where the point of the search falls short of its claim. Probing hands bounds on a millionth wider than it proves them, and
// within that a price may be above zero that has to be zero for the followers to answer as the search assumed: the pattern is fixed in
// the model before probing, whose bounds are exact.
func (s *solver) sharpen(ctx context.Context, r *Result, a *attempt) error {
	n := slices.Index(a.chain.Names(), "probe")
	short := s.sense() * (r.Objective - a.claim.Objective)
	if n < 0 || a.backend != "branch" || r.Certificate.Verified && short <= 1e-6*math.Max(1, math.Abs(a.claim.Objective)) {
		return nil
	}
	m := a.chain.Stage(n)
	if m.Constructs().Without(branch.Takes) != 0 {
		return nil
	}
	q, err := a.chain.RecoverTo(n, a.claim.Point)
	if err != nil {
		return err
	}
	x, err := branch.Polish(ctx, m, q.X)
	if err != nil || x == nil {
		return nil // the pattern has no point there
	}
	p, err := a.chain.RecoverFrom(n, &model.Point{X: x})
	if err != nil {
		return err
	}
	t := *r
	if err := s.certify(ctx, &t, p); err != nil {
		return err
	}
	if t.Certificate.Verified && (!r.Certificate.Verified || s.sense()*(t.Objective-r.Objective) < 0) {
		*r = t
	}
	return nil
}

// claimed is a result with what the search claims, and the assumptions that it rests on.
func (s *solver) claimed(a *attempt) *Result {
	r := s.empty()
	r.Plan, r.Backend = a.plan(), a.backend
	r.Size = sizeOf(a.chain.Model())
	r.Nodes, r.Iterations, r.Search = a.claim.Nodes, a.claim.Iterations, a.search
	r.Notes = append(r.Notes, a.chain.Notes...)
	r.Status = a.claim.Status
	r.Bound = a.claim.Bound
	r.Proof = conditional(a.claim.Proof.Weaker(strongest(a)), a.chain)
	for i, b := range a.chain.Assumed {
		if i == 20 {
			r.Assumptions = append(r.Assumptions, fmt.Sprintf("and %d more", len(a.chain.Assumed)-i))
			break
		}
		r.Assumptions = append(r.Assumptions, b.What+" <= "+format(b.Bound))
	}
	if a.claim.Message != "" && a.claim.Status == model.StatusFailed {
		r.Notes = append(r.Notes, a.backend+": "+a.claim.Message)
	}
	return r
}

// pattern takes the point of the backend back to stage n, the last that has pairs, and fixes its pattern of complementarity: q is the point there, and
// x the best point of the pattern by an LP or QP, nil where it has none. q is nil where no stage has pairs that can be fixed so.
func (s *solver) pattern(ctx context.Context, a *attempt) (n int, q *model.Point, x []float64, err error) {
	for n = a.chain.Len(); a.backend != "branch" && n >= 0; n-- {
		m := a.chain.Stage(n)
		if c := m.Constructs(); !c.Has(model.Complementarity) || c.Without(branch.Takes) != 0 {
			continue
		}
		if q, err = a.chain.RecoverTo(n, a.claim.Point); err != nil {
			return n, nil, nil, err
		}
		if x, err = branch.Polish(ctx, m, q.X); err != nil {
			return n, q, nil, nil // the LP has no answer: neither has the pattern
		}
		return n, q, x, nil
	}
	return 0, nil, nil, nil
}

// polished recovers the point of the backend. Where the pairs went through binary variables, the pattern of complementarity of the point is
// fixed first, in the last model that has pairs, and what is left is solved as an LP.
func (s *solver) polished(ctx context.Context, a *attempt) (*model.Point, error) {
	n, q, x, err := s.pattern(ctx, a)
	if err != nil {
		return nil, err
	}
	if x != nil && s.dearer(a, n, q, x) <= 1e-4 {
		return a.chain.RecoverFrom(n, &model.Point{X: x})
	}
	p, err := a.chain.Recover(a.claim.Point)
	if err == nil && contains(a.chain.Names(), "dualise") {
		s.roundDecisions(p.X)
	}
	return p, err
}

// checkTime lets the check of a point go on for a moment where the search was stopped: a stop must not stop the check of what was found.
func checkTime(ctx context.Context) (context.Context, context.CancelFunc) {
	const moment = time.Second
	until := time.Now().Add(moment)
	if deadline, ok := ctx.Deadline(); ok && ctx.Err() == nil {
		if deadline = deadline.Add(moment / 2); deadline.After(until) {
			until = deadline
		}
	} else if ctx.Err() == nil {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(context.WithoutCancel(ctx), until)
}

// strongest is the proof that the chain allows, as far as it is about a point.
func strongest(a *attempt) model.Proof {
	if a.claim.Proof > model.ProofGlobal {
		return a.claim.Proof
	}
	return a.chain.Proof()
}

// withoutPoint states an answer that has no point.
func (s *solver) withoutPoint(r *Result, a *attempt) {
	r.Bound = math.NaN()
	switch {
	case a.smooth && (r.Status == model.StatusInfeasible && r.Proof != model.ProofInfeasible || r.Status == model.StatusUnbounded && r.Proof != model.ProofUnbounded):
		r.Notes = append(r.Notes, fmt.Sprintf("%s claims that the model is %v, but it only looks about the start: nothing is proven; try --multistart", a.backend, r.Status))
		r.Status, r.Proof = model.StatusUnknown, model.ProofNone
	case r.Status == model.StatusInfeasible && r.Proof != model.ProofInfeasible, r.Status == model.StatusUnbounded && r.Proof != model.ProofUnbounded:
		r.Notes = append(r.Notes, fmt.Sprintf("the reformulated model is %v, but it rests on assumed bounds: nothing is proven", r.Status))
		r.Status, r.Proof = model.StatusUnknown, model.ProofNone
	case r.Proof != model.ProofInfeasible && r.Proof != model.ProofUnbounded:
		r.Proof = model.ProofNone
	}
	if a.chain.Proof() < model.ProofGlobal && r.Proof != model.ProofNone && !a.pointless {
		r.Notes = append(r.Notes, "the followers are not known to be convex: nothing is proven")
		r.Status, r.Proof = model.StatusUnknown, model.ProofNone
	}
}

// certify measures p and, where the followers can be answered again for a point that is at least as good, takes that one.
func (s *solver) certify(ctx context.Context, r *Result, p *model.Point) error {
	vo := s.verifyOptions()
	c, err := verify.Check(ctx, s.m, p.X, vo)
	if err != nil {
		return err
	}
	if !c.Verified {
		if q := s.withoutRests(p); q != nil {
			if d, err := verify.Check(ctx, s.m, q.X, vo); err == nil && d.Verified {
				p, c = q, d
			}
		}
	}
	sign := s.m.Leader().Objective().Sense.Sign()
	if s.m.NumFollowers() > 0 && len(s.m.DualVars()) == 0 {
		if q, err := s.answer(ctx, r.Plan, p.X); err == nil && q != nil {
			if d, err := verify.Check(ctx, s.m, q.X, vo); err == nil && d.Verified &&
				(!c.Verified || sign*(d.Objective-c.Objective) <= 1e-9*math.Max(1, math.Abs(c.Objective))) {
				if q.RowDuals == nil {
					q.RowDuals, q.VarDuals = p.RowDuals, p.VarDuals
				}
				p, c = q, d
			}
		}
	}
	r.Point, r.Certificate, r.Objective = p, c, c.Objective
	r.Optimistic, r.Pessimistic = c.Optimistic, c.Pessimistic
	return nil
}

// withoutRests is a point with the values that are off a bound or a short decimal number by rounding put there, nil where none is: a follower's objective may consist of
// products with such a rest alone. What it is worth the check says.
func (s *solver) withoutRests(p *model.Point) *model.Point {
	const rest, digits = 1e-10, 1e6
	var x []float64
	for j, v := range p.X {
		lo, hi := s.m.VarBounds(j)
		for _, at := range [3]float64{math.Round(v*digits) / digits, lo, hi} {
			if v != at && math.Abs(v-at) <= rest*math.Max(1, math.Abs(v)) {
				if x == nil {
					x = slices.Clone(p.X)
				}
				x[j] = at
			}
		}
	}
	if x == nil {
		return nil
	}
	return &model.Point{X: x, RowDuals: p.RowDuals, VarDuals: p.VarDuals}
}

// judge compares what was claimed with what was measured.
func (s *solver) judge(r *Result, a *attempt) {
	sign := s.m.Leader().Objective().Sense.Sign()
	if !r.Certificate.Verified {
		r.Proof = model.ProofNone
		if r.Status == model.StatusOptimal || r.Status == model.StatusFeasible || r.Status == model.StatusLocal {
			r.Status = model.StatusReducedAccuracy
		}
		r.Notes = append(r.Notes, "the point was not verified: nothing is claimed of it")
	} else if math.Abs(r.Objective-a.claim.Objective) > 1e-4*math.Max(1, math.Abs(r.Objective)) && sign*(r.Objective-a.claim.Objective) > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s claimed %s, the verified point has %s: the claim is not believed", a.backend, format(a.claim.Objective), format(r.Objective)))
		if r.Proof >= model.ProofGlobalIfBounds && (math.IsNaN(r.Bound) || math.Abs(r.Bound-r.Objective) > math.Max(s.opt.Gap, 1e-4)*math.Max(1, math.Abs(r.Objective))) {
			r.Proof, r.Status = model.ProofFeasible, model.StatusFeasible
		}
	}
	if r.Certificate.Verified && r.Proof == model.ProofNone {
		r.Proof = model.ProofFeasible
	}
	if len(a.chain.Assumed) > 0 && r.Proof < model.ProofGlobalIfBounds {
		r.Bound = math.NaN()
	}
	if s.refuted(r) {
		r.Notes = append(r.Notes, fmt.Sprintf("%s claimed that nothing is better than %s, which the verified point is: the claim is not believed", a.backend, format(r.Bound)))
		r.withdraw()
	}
	if !math.IsNaN(r.Bound) {
		if sign*(r.Objective-r.Bound) < 0 { // rounding: the verified point is better than the bound by less than the tolerances
			r.Bound = r.Objective
		}
		r.Gap = math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective))
	}
	if r.Proof == model.ProofGlobal || r.Proof == model.ProofGlobalIfBounds {
		// A solver may stop at absolute tolerances that mean much to a small objective. What polishing moves is within feasibilityGap.
		if r.Gap > s.opt.Gap+feasibilityGap && math.Abs(r.Objective-r.Bound) > 2e-7*s.objectiveSize() {
			r.Proof, r.Status = model.ProofFeasible, model.StatusFeasible
			r.Notes = append(r.Notes, a.backend+" stopped with a gap above the one asked for")
		}
	}
	s.ofThisModel(r, a)
	if names := s.touchedNames(a); len(names) > 0 {
		r.Notes = append(r.Notes, "the point lies at the assumed bound of "+names[0]+": nothing is claimed of its optimality")
		if r.Proof == model.ProofGlobalIfBounds {
			r.Proof, r.Status, r.Bound, r.Gap = model.ProofFeasible, model.StatusFeasible, math.NaN(), math.NaN()
		}
	}
}

// refutable is by how much, relative to max(1, |bound|), a verified point may be better than the bound of a search: what the tolerances of both let through.
const refutable = 1e-4

// refuted reports whether a verified point is better than the bound by more than that: then the bound is none.
func (s *solver) refuted(r *Result) bool {
	return r.confirmed() && s.sense()*(r.Objective-r.Bound) < -refutable*math.Max(1, math.Abs(r.Bound))
}

// withdraw takes back what a result claims beyond its point: that is feasible where it is verified, and otherwise nothing is proven. A local answer stays one.
func (r *Result) withdraw() {
	r.Bound, r.Gap = math.NaN(), math.NaN()
	switch {
	case !r.confirmed():
		r.Proof, r.Status = model.ProofNone, model.StatusUnknown
	case r.Proof >= model.ProofGlobalIfBounds:
		r.Proof, r.Status = model.ProofFeasible, model.StatusFeasible
	}
}

// ofThisModel withdraws what was established of a reformulated model that is another problem, as one with a penalty or a smoothed function is: its
// optimum and its bound are not those of the model. A local answer is one of which stationarity was looked at, which smooth solvers do.
func (s *solver) ofThisModel(r *Result, a *attempt) {
	if a.chain.Proof() < model.ProofGlobal {
		r.Bound, r.Gap = math.NaN(), math.NaN()
	}
	if r.Proof == model.ProofLocal && !a.smooth {
		r.Proof = model.ProofFeasible
	}
	switch {
	case r.Status == model.StatusOptimal && r.Proof == model.ProofLocal:
		r.Status = model.StatusLocal
	case r.Status == model.StatusOptimal && r.Proof < model.ProofLocal, r.Status == model.StatusLocal && r.Proof < model.ProofLocal:
		r.Status = model.StatusFeasible
	}
}

// feasibilityGap is the part of the objective by which a point that a MILP solver finds within its tolerances may be better than the exact one.
const feasibilityGap = 5e-6

// objectiveSize is the largest coefficient of the leader's objective, at most 1: the unit in which absolute differences of it count.
func (s *solver) objectiveSize() float64 {
	f := s.m.Leader().Objective().F
	if f.Nonlinear != 0 {
		return 1
	}
	largest := 0.0
	for _, c := range f.Coefs {
		largest = math.Max(largest, math.Abs(c))
	}
	for _, q := range f.Quad {
		largest = math.Max(largest, math.Abs(q.Coef))
	}
	return math.Min(largest, 1)
}
