package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// tieTolerance is by how much, relative to max(1, |value|), a decision may be worse than the best value and count as having it: what the
// tolerances of the search and of the polishing leave.
const tieTolerance = 5e-6

// approaches are the steps from a limit towards decisions that come near to it: below the least, a check within the tolerances cannot
// tell a tie from no tie.
var approaches = []float64{10, 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6}

// nearLoss is what a decision near an infimum that is not attained may lose of it, relative to max(1, |infimum|), unless the gap asked for is
// larger: a decision that is told from the tie by everybody is worth more than the last digits.
const nearLoss = 1e-4

// nearby finds the decision farthest from the limit that loses at most nearLoss, or else the one nearest to it.
func (s *solver) nearby(ctx context.Context, a *attempt, q *model.Point, claimed float64) (*tieValue, error) {
	loss := math.Max(nearLoss, s.opt.Gap) * math.Max(1, math.Abs(claimed))
	var later []float64
	for _, eps := range approaches {
		if _, value, err := a.chain.Approach(q, eps); err != nil {
			return nil, err
		} else if !(math.Abs(value-claimed) <= loss) {
			later = append([]float64{eps}, later...)
			continue
		}
		if v, err := s.tryDecision(ctx, a, q, eps, math.NaN()); err != nil || v != nil {
			return v, err
		}
	}
	for _, eps := range later {
		if v, err := s.tryDecision(ctx, a, q, eps, math.NaN()); err != nil || v != nil {
			return v, err
		}
	}
	return nil, nil
}

// concludeTies finds a decision whose value is the infimum that the search has found, or is near to it, and states which.
func (s *solver) concludeTies(ctx, search context.Context, a *attempt, r *Result) error {
	check, cancel := checkTime(ctx)
	defer cancel()
	q, claimed, err := s.limitPoint(check, a)
	if err != nil {
		return err
	}
	s.say("verify", "the followers are solved again at the leader's decision, for the best and for the worst")
	found, err := s.tryDecision(check, a, q, 0, claimed)
	if err != nil {
		return err
	}
	attainment := Attained
	if found == nil && r.Status == model.StatusOptimal {
		attainment = AttainmentUnknown
		if found, attainment, err = s.attaining(search, check, claimed); err != nil {
			return err
		}
	}
	if found == nil {
		if attainment == Attained {
			attainment = AttainmentUnknown
		}
		if found, err = s.nearby(check, a, q, claimed); err != nil {
			return err
		}
	}
	return s.report(check, a, r, q, found, attainment, claimed)
}

// limitPoint is the answer of the search as a point of the model after the first pass, with its value.
func (s *solver) limitPoint(ctx context.Context, a *attempt) (*model.Point, float64, error) {
	m := a.chain.Stage(1)
	q, err := a.chain.RecoverTo(1, a.claim.Point)
	if err != nil {
		return nil, 0, err
	}
	if a.backend != "branch" { // the pattern of a MILP's point is exact, its values are not
		if x, err := branch.Polish(ctx, m, q.X); err == nil && x != nil {
			sign := m.Leader().Objective().Sense.Sign()
			if v := m.ObjectiveValue(0, x); sign*(v-m.ObjectiveValue(0, q.X)) <= 1e-4*math.Max(1, math.Abs(v)) {
				q = &model.Point{X: x}
			}
		}
	}
	return q, m.ObjectiveValue(0, q.X), nil
}

// tryDecision measures the decision of a limit point, or one near it, and returns it if it is as good as expected; NaN: as the limit says.
func (s *solver) tryDecision(ctx context.Context, a *attempt, q *model.Point, eps, expected float64) (*tieValue, error) {
	p, value, err := a.chain.Approach(q, eps)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(expected) {
		expected = value
	}
	v, err := s.breakTies(ctx, p.X)
	if err != nil || !s.accept(v, expected) {
		return nil, err
	}
	return v, nil
}

// attaining looks for a decision on the level of the infimum, and reports what is known of one.
func (s *solver) attaining(search, check context.Context, level float64) (*tieValue, Attainment, error) {
	sub := &solver{m: s.m, opt: s.opt, bigM: s.opt.BigM, start: s.start, level: &level}
	sub.opt.Events, sub.opt.Start = nil, nil
	a, err := sub.reformulate(search)
	var refused *reform.NotAcceptedError
	if errors.As(err, &refused) {
		return nil, AttainmentUnknown, nil
	}
	if err != nil {
		return nil, AttainmentUnknown, ignoreStop(err)
	}
	if !a.solved {
		if err := sub.run(search, a); err != nil {
			return nil, AttainmentUnknown, ignoreStop(err)
		}
	}
	switch {
	case a.claim.Status == model.StatusInfeasible && a.claim.Proof == model.ProofInfeasible && len(a.chain.Assumed) == 0:
		return nil, NotAttained, nil
	case a.claim.Point == nil || a.claim.Status != model.StatusOptimal:
		return nil, AttainmentUnknown, nil
	}
	distance := a.claim.Objective
	if distance > attainedDistance {
		if len(a.chain.Assumed) > 0 || a.claim.Bound <= missedDistance {
			return nil, AttainmentUnknown, nil
		}
		return nil, NotAttained, nil
	}
	q, err := a.chain.RecoverTo(1, a.claim.Point)
	if err != nil {
		return nil, AttainmentUnknown, err
	}
	for _, eps := range []float64{1, 1e-2, 1e-4} {
		if v, err := s.tryDecision(check, a, q, eps, level); err != nil || v != nil {
			return v, Attained, err
		}
	}
	return nil, AttainmentUnknown, nil
}

// The distances from the level up to which it counts as reached, and from which on it is missed.
const (
	attainedDistance = 1e-5
	missedDistance   = 1e-4
)

// ignoreStop drops the error of an interruption.
func ignoreStop(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// report fills in the result from the decision found, nil where none passes.
func (s *solver) report(ctx context.Context, a *attempt, r *Result, q *model.Point, v *tieValue, attainment Attainment, claimed float64) error {
	sign := s.m.Leader().Objective().Sense.Sign()
	if v == nil {
		p, _, err := a.chain.Approach(q, 0)
		if err != nil {
			return err
		}
		if v, err = s.breakTies(ctx, p.X); err != nil {
			return err
		}
		if v.point == nil {
			v.point = p
		}
		r.Notes = append(r.Notes, "no decision near the limit of the search was verified to have its value: "+v.why)
		r.Status, r.Proof, r.Attainment = model.StatusReducedAccuracy, model.ProofNone, AttainmentUnknown
	}
	c, err := verify.Check(ctx, s.m, v.point.X, s.verifyOptions())
	if err != nil {
		return err
	}
	r.Point, r.Certificate = v.point, c
	r.Objective, r.Optimistic, r.Pessimistic = v.value, v.best, v.worst
	if r.Proof == model.ProofNone || !c.Verified {
		r.Proof, r.Bound = model.ProofNone, math.NaN()
		return nil
	}
	r.Attainment = attainment
	if s.refuted(r) {
		r.Notes = append(r.Notes, fmt.Sprintf("%s claimed that nothing is better than %s, which the decision is: the claim is not believed", a.backend, format(r.Bound)))
		r.withdraw()
		r.Attainment = AttainmentUnknown
		return nil
	}
	if !math.IsNaN(r.Bound) && sign*(r.Objective-r.Bound) < 0 {
		r.Bound = r.Objective
	}
	if r.Proof < model.ProofGlobalIfBounds && r.Status == model.StatusOptimal {
		r.Status = model.StatusFeasible
	}
	if !math.IsNaN(r.Bound) {
		r.Gap = math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective))
	}
	if attainment == Attained {
		if r.Proof >= model.ProofGlobalIfBounds && r.Gap > s.opt.Gap+tieTolerance && math.Abs(r.Objective-r.Bound) > tieTolerance {
			r.Proof, r.Status = model.ProofFeasible, model.StatusFeasible
		}
		return nil
	}
	if r.Proof == model.ProofGlobal {
		r.Infimum = claimed
	}
	r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible
	word := "is not attained: no decision has it"
	if attainment == AttainmentUnknown {
		word = "is not known to be attained"
	}
	r.Notes = append(r.Notes, fmt.Sprintf("the best value, %s, %s; the decision reported comes within %s of it", format(claimed), word, format(math.Abs(r.Objective-claimed))))
	return nil
}

// concludeAttitude is conclude for followers that do not break ties for the leader.
func (s *solver) concludeAttitude(ctx, search context.Context, a *attempt) (*Result, error) {
	r := s.claimed(a)
	if a.claim.Point == nil || r.Status == model.StatusUnbounded {
		s.withoutPoint(r, a)
		if r.Proof == model.ProofInfeasible {
			r.Notes = append(r.Notes, "at no decision do the followers have answers that all satisfy the leader's constraints, with a finite value")
		}
		if r.Status == model.StatusLimit || r.Status == model.StatusInterrupted {
			if err := s.fallBackOn(ctx, r); err != nil {
				return nil, err
			}
		}
	} else if err := s.concludeTies(ctx, search, a, r); err != nil {
		return nil, err
	}
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}
