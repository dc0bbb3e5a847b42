package bilevel

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// believable is by how much, relative to the larger of the value and 1, a verified point may be better than a proven bound: what its
// tolerances let through. A point that is better by more says that the proof was wrong.
const believable = 1e-5

// started is the leader's earlier decision that a solve starts from, with the followers' new answers.
type started struct {
	point     *model.Point
	objective float64
	checked   *Result // what the check says of it, nil where it was not asked yet
}

// answerAgain lets the followers answer the decisions and keeps the best point. Where no bound can be met one try is enough: it costs about as
// much as a small search.
func (k *knowledge) answerAgain(ctx context.Context, sv *solver) {
	sign := sv.sign()
	for i, x := range k.decisions {
		if ctx.Err() != nil || i > 0 && math.IsInf(k.bound, -1) || k.start != nil && k.closes(sv, k.start.objective) {
			return
		}
		p := answer(ctx, sv, x)
		if p == nil {
			continue // the decision has no answer any more, or none that is found in a moment
		}
		if v := sv.m.ObjectiveValue(0, p.X); k.start == nil || sign*v < sign*k.start.objective {
			k.start = &started{point: p, objective: v}
		}
	}
}

// answer is the point of a decision, nil where there is none.
func answer(ctx context.Context, sv *solver, x []float64) *model.Point {
	if sv.m.NumFollowers() == 0 {
		return &model.Point{X: x}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	p, err := verify.BestTie(ctx, sv.m, x, sv.verifyOptions())
	if err != nil {
		return nil
	}
	return p
}

// check measures the starting point, once, and drops one that is not verified.
func (k *knowledge) check(ctx context.Context, sv *solver) error {
	if k.start == nil || k.start.checked != nil {
		return nil
	}
	c, err := verify.Check(ctx, sv.m, k.start.point.X, sv.verifyOptions())
	if err != nil {
		return err
	}
	if !c.Verified {
		k.start = nil
		return nil
	}
	r := sv.empty()
	r.Point, r.Certificate, r.Objective = k.start.point, c, c.Objective
	r.Optimistic, r.Pessimistic = c.Optimistic, c.Pessimistic
	k.start.checked, k.start.objective = r, c.Objective
	return nil
}

// closes reports whether a verified point with the objective is optimal, for it meets the bound.
func (k *knowledge) closes(sv *solver, objective float64) bool {
	if math.IsInf(k.bound, -1) || math.IsNaN(objective) {
		return false
	}
	d := sv.sign()*objective - k.bound
	return d <= 1e-9 || d <= sv.opt.Gap*math.Max(1e-10, math.Abs(objective))
}

// contradicts reports whether a verified point with the objective is better than the bound allows.
func (k *knowledge) contradicts(sv *solver, objective float64) bool {
	return !math.IsInf(k.bound, -1) && sv.sign()*objective-k.bound < -believable*math.Max(1, math.Abs(objective))
}

// settled is the answer where none has to be searched for, else nil.
func (k *knowledge) settled(ctx context.Context, sv *solver) (*Result, error) {
	if k.start != nil && (k.infeasible || k.closes(sv, k.start.objective)) {
		if err := k.check(ctx, sv); err != nil {
			return nil, err
		}
	}
	if k.start != nil && (k.infeasible || k.contradicts(sv, k.start.objective)) {
		k.drop()
		return nil, nil
	}
	switch {
	case k.infeasible, k.unbounded:
		r := sv.empty()
		r.Plan, r.Backend = k.from.plan, k.from.backend
		r.Status, r.Proof = model.StatusInfeasible, model.ProofInfeasible
		if k.unbounded {
			r.Status, r.Proof = model.StatusUnbounded, model.ProofUnbounded
			r.Notes = append(r.Notes, "the model was proven unbounded before, and the changes only let points in: no search")
		} else {
			r.Notes = append(r.Notes, "the model was proven infeasible before, and the changes only cut points off: no search")
		}
		return r, nil
	case k.start != nil && k.closes(sv, k.start.objective):
		r := k.start.checked
		r.Plan, r.Backend = k.from.plan, k.from.backend
		r.Status, r.Proof = model.StatusOptimal, model.ProofGlobal
		k.close(sv, r)
		r.Notes = append(r.Notes, "an earlier decision, answered again by the followers, meets the bound that an earlier solve has proven: no search")
		return r, nil
	}
	return nil, nil
}

// close sets the bound and the gap of a result with a point.
func (k *knowledge) close(sv *solver, r *Result) {
	r.Bound = sv.declared(k.bound)
	if sv.sign()*(r.Objective-r.Bound) < 0 { // better by no more than the tolerances
		r.Bound = r.Objective
	}
	r.Gap = math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective))
}

// drop forgets claims that a point refutes.
func (k *knowledge) drop() {
	k.wrong, k.infeasible, k.unbounded, k.bound = true, false, false, math.Inf(-1)
}

// search solves the model from the starting point on. It ends the search as soon as a point meets the bound; should the check of that point
// then not confirm it, the search is done again to its own end.
func (k *knowledge) search(ctx, limited context.Context, sv *solver) (*Result, error) {
	if k.start != nil {
		sv.warm = k.start.point
	}
	events, notes := sv.opt.Events, sv.notes
	for early := true; ; early = false {
		stoppable, stop := context.WithCancel(limited)
		var met atomic.Bool
		if early && !math.IsInf(k.bound, -1) {
			sv.opt.Events = func(e Event) {
				if events != nil {
					events(e)
				}
				if k.closes(sv, e.Incumbent) {
					met.Store(true)
					stop()
				}
			}
		}
		r, err := sv.solve(ctx, stoppable)
		stop()
		sv.opt.Events = events
		if err == nil {
			err = k.merge(ctx, sv, r)
		}
		if err != nil || !met.Load() || r.Proof == model.ProofGlobal || limited.Err() != nil {
			return r, err
		}
		sv.notes = notes
	}
}

// merge joins the answer of a search with what was known before: the better point, and the better bound.
func (k *knowledge) merge(ctx context.Context, sv *solver, r *Result) error {
	if err := k.better(ctx, sv, r); err != nil {
		return err
	}
	found := r.confirmed()
	if found && k.contradicts(sv, r.Objective) {
		k.drop()
		return nil
	}
	if math.IsInf(k.bound, -1) || r.Status == model.StatusInfeasible || r.Status == model.StatusUnbounded {
		return nil
	}
	stronger := math.IsNaN(r.Bound) || len(r.Assumptions) > 0 || k.bound > sv.sign()*r.Bound
	switch {
	case r.Proof == model.ProofGlobal || !stronger:
	case found:
		if k.closes(sv, r.Objective) {
			r.Status, r.Proof, r.Assumptions = model.StatusOptimal, model.ProofGlobal, nil
			r.Notes = append(r.Notes, "the point meets the bound that an earlier solve has proven")
			k.close(sv, r)
		} else if r.Proof == model.ProofFeasible {
			k.close(sv, r)
		}
	case r.Point == nil:
		r.Bound = sv.declared(k.bound)
	}
	return nil
}

// better puts the starting point into a result that has none, or a worse one. A claim that the starting point refutes is taken back.
func (k *knowledge) better(ctx context.Context, sv *solver, r *Result) error {
	sign := sv.sign()
	verified := r.confirmed()
	worse := func() bool {
		return k.start != nil && r.Status != model.StatusUnbounded && !(verified && sign*(r.Objective-k.start.objective) <= 1e-9*math.Max(1, math.Abs(r.Objective)))
	}
	if !worse() {
		return nil
	}
	check, cancel := checkTime(ctx)
	defer cancel()
	if err := k.check(check, sv); err != nil || !worse() {
		return err
	}
	start := k.start.checked
	claimed := r.Bound
	believed := r.Proof == model.ProofGlobal || r.Proof == model.ProofFeasible
	r.Point, r.Certificate, r.Objective = start.Point, start.Certificate, start.Objective
	r.Optimistic, r.Pessimistic = start.Optimistic, start.Pessimistic
	r.Notes = append(r.Notes, "the point is an earlier decision, answered again by the followers")
	switch refuted := !math.IsNaN(claimed) && sign*(r.Objective-claimed) < -believable*math.Max(1, math.Abs(claimed)); {
	case refuted || !believed || math.IsNaN(claimed):
		if refuted {
			r.Notes = append(r.Notes, fmt.Sprintf("%s claimed that nothing is better than %s, which this point is: the claim is not believed", r.Backend, format(claimed)))
		}
		r.Status, r.Proof, r.Bound, r.Gap, r.Assumptions = model.StatusFeasible, model.ProofFeasible, math.NaN(), math.NaN(), nil
	default:
		if sign*(r.Objective-claimed) < 0 {
			r.Bound = r.Objective
		}
		r.Gap = math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective))
	}
	return nil
}
