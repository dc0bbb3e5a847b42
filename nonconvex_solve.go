package bilevel

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// Followers that are not known to be convex have stationary points that are no answers. What KKT's conditions lead to is then a candidate, and those of
// the value-function form, which hold at answers only, lead elsewhere: a model that is left to choose goes both ways, and conditions of Fritz John
// where it is small. What the followers confirm is compared, and the best of it is kept.

// nonconvexWays are the ways of such a model, in the order in which they are gone.
func (s *solver) nonconvexWays() []string {
	ways := []string{"kkt", "value-function:newton"}
	if s.m.NumVars() <= fewVariables {
		ways = append(ways, "fritz-john")
	}
	return ways
}

// goesManyWays reports whether a model that is left to choose has a continuous follower that is not known to be convex.
func (s *solver) goesManyWays() bool {
	if !s.isAuto() || s.breaksTies() || s.onPath || s.m.Constructs().Has(model.NashGame) {
		return false
	}
	if first, _ := s.removesKinks(s.m); first != "" {
		return false
	}
	for _, f := range s.m.Classify().Followers {
		if f.Convex != model.Yes && f.Integers == 0 {
			return true
		}
	}
	return false
}

// planManyWays is the plan of the first of the ways that takes the model; the others are named as reasons.
func (s *solver) planManyWays() (*Plan, error) {
	var plan *Plan
	var first error
	var taken []string
	for _, way := range s.nonconvexWays() {
		opt := s.opt
		opt.Reform = way
		e, err := Explain(s.m, opt)
		if err == nil && e.Plan == nil {
			err = &NoPlanError{Constructs: s.m.Constructs(), Reason: e.NoPlan}
		}
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		if taken = append(taken, way); plan == nil {
			plan = e.Plan
		}
	}
	if plan == nil {
		return nil, first
	}
	plan.Why = append(plan.Why, "a follower is not known to be convex: "+strings.Join(taken, ", ")+" are tried one after the other, and the best point that the followers confirm is kept")
	return plan, nil
}

// solveManyWays goes all ways, each with an equal share of the time that is left, and returns the best verified result.
func (s *solver) solveManyWays(ctx, search context.Context) (*Result, error) {
	ways := s.nonconvexWays()
	var best *Result
	var first error
	var told []string
	for k, way := range ways {
		if k > 0 && search.Err() != nil {
			break
		}
		sub := *s
		sub.opt.Reform, sub.notes = way, nil
		if best != nil && best.confirmed() {
			sub.fallback = best.Point
		}
		part, stop := shareOf(search, len(ways)-k)
		r, err := sub.solve(ctx, part)
		stop()
		if err != nil {
			if first == nil {
				first = err
			}
			told = append(told, way+": "+err.Error())
			continue
		}
		told = append(told, way+": "+s.inWords(r))
		if best == nil || s.beats(r, best) {
			best = r
		}
		if best.Proof >= model.ProofGlobalIfBounds && best.Point != nil {
			break
		}
	}
	if best == nil {
		return nil, first
	}
	best.Notes = append(best.Notes, "ways tried, as a follower is not known to be convex: "+strings.Join(told, "; "))
	best.Seconds = time.Since(s.start).Seconds()
	return best, nil
}

// confirmed reports whether the result has a point that passed the check.
func (r *Result) confirmed() bool {
	return r.Point != nil && r.Certificate != nil && r.Certificate.Verified
}

// beats reports whether a is the better result of two: verified points before others, then the leader's objective, then what is proven.
func (s *solver) beats(a, b *Result) bool {
	va, vb := a.confirmed(), b.confirmed()
	if va != vb || !va {
		return va && !vb
	}
	d := s.sense() * (a.Objective - b.Objective)
	if tol := 1e-6 * math.Max(1, math.Abs(b.Objective)); math.Abs(d) > tol {
		return d < 0
	}
	return a.Proof > b.Proof
}

func (s *solver) inWords(r *Result) string {
	if !r.confirmed() {
		return "no point that the followers confirm"
	}
	return fmt.Sprintf("%s, %v", format(r.Objective), r.Proof)
}

// shareOf ends at one of n parts of the time that ctx leaves.
func shareOf(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, time.Now().Add(time.Until(deadline)/time.Duration(n)))
}
