package mstationary

import (
	"context"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// descend leaves the stationary point of the result where it is no minimiser, and reports whether it found a better one, which is then
// the result. Two things show a descent:
//   - negative curvature of the Lagrangian along a direction in which all active constraints stay so;
//   - a negative multiplier ν of a member of a biactive pair: where the gradients of the active constraints are independent, there is
//     a direction along which this member grows by one and all others stay zero, and the objective falls by |ν|.
func (s *search) descend(ctx context.Context) bool {
	r := s.result
	if pair, member := s.worstMultiplier(r); pair >= 0 {
		call := s.l.live[pair]
		if s.leave(ctx, r, Saddle{Pair: call, Slope: r.Pairs[call][member]}) {
			return true
		}
	}
	return r.Order.Direction != nil && !s.stopped(ctx) && s.leave(ctx, r, Saddle{Pair: -1, Curvature: r.Order.Curvature})
}

// leave tries to leave the point of r for the reason that the saddle has, which it completes and adds to those that were left.
func (s *search) leave(ctx context.Context, r *Result, saddle Saddle) bool {
	saddle.X, saddle.Objective, saddle.Class = r.X, r.Objective, r.Class
	next := s.beyond(ctx, r, saddle.Pair < 0)
	saddle.Taken = next != nil
	r.Left = append(r.Left, saddle)
	if next != nil {
		next.Left = r.Left
		s.result = next
	}
	return saddle.Taken
}

// beyond is the end of a walk from r, after a step along its negative curvature where bent is set, and of the search from there: nil where
// that is not better.
func (s *search) beyond(ctx context.Context, r *Result, bent bool) *Result {
	w := s.unknowns(r)
	s.v.at(w)
	s.v.hessian(w)
	s.holdActive()
	if bent && !s.bend(ctx, w, r) {
		return nil
	}
	if s.walk(ctx, w) == unbounded {
		return s.bottomless(w)
	}
	if next := s.stationary(ctx, w); next.Solved() && next.Objective < r.Objective-1e-9*(1+math.Abs(r.Objective)) {
		return next
	}
	return nil
}

// unknowns is the result as unknowns of the system.
func (s *search) unknowns(r *Result) []float64 {
	w := make([]float64, s.l.unknowns())
	for k, j := range s.l.free {
		w[k] = r.X[j]
	}
	s.setMultipliers(w, Start{X: r.X, Rows: r.Rows, Lower: r.Lower, Upper: r.Upper, Pairs: r.Pairs})
	return w
}

// worstMultiplier finds the most negative multiplier of a biactive pair (by its number in the layout), -1 without one.
func (s *search) worstMultiplier(r *Result) (pair, member int) {
	pair, worst := -1, -1e-6
	for k, call := range s.l.live {
		if _, biactive := slices.BinarySearch(r.Biactive, call); !biactive {
			continue
		}
		for i, nu := range r.Pairs[call] {
			if nu < worst {
				pair, member, worst = k, i, nu
			}
		}
	}
	return pair, member
}

// bend moves w to a better point along the direction of negative curvature of r, on either side, and reports whether there is one.
func (s *search) bend(ctx context.Context, w []float64, r *Result) bool {
	d := make([]float64, len(s.l.free))
	best, lowest := []float64(nil), r.Objective*s.l.objScale
	for _, i := range r.Order.released {
		s.q.kkt.active[i] = false
	}
	signs := []float64{1, -1}
	if r.Order.OneSided {
		signs = signs[:1]
	}
	for _, sign := range signs {
		for k, j := range s.l.free {
			d[k] = sign * r.Order.Direction[j]
		}
		if at, f := s.along(ctx, w, d, lowest); at != nil {
			best, lowest = at, f
		}
	}
	if best != nil {
		copy(w, best)
	}
	return best != nil
}

// along looks for the lowest feasible point on the branch along d from w, with an objective below lowest: as far as the first constraint
// that is not held becomes active, and at fractions of that. It returns its unknowns and its scaled objective.
func (s *search) along(ctx context.Context, w, d []float64, lowest float64) ([]float64, float64) {
	b, n := s.q.kkt, len(s.l.free)
	s.v.at(w)
	reach := 1e3 * (1 + dense.MaxAbs(w[:n])) // where nothing is in the way
	for i := len(s.l.eqs); i < b.constraints(); i++ {
		if b.active[i] {
			continue
		}
		rate := 0.0
		b.slope(i, func(j int32, g float64) { rate += g * d[j] })
		if slack := b.value(i); rate < 0 && slack > 0 {
			reach = min(reach, -slack/rate)
		}
	}
	h := newHeld(s.l, s.v, b)
	margin := 1e-9 * (1 + math.Abs(lowest))
	var best []float64
	for t, k := reach, 0; k < 14 && ctx.Err() == nil; t, k = t/3, k+1 {
		at := slices.Clone(w)
		for j := range n {
			at[j] += t * d[j]
		}
		if !h.restore(ctx, at, 1e-2*s.opt.Tolerance, s.opt.Tolerance) || !s.feasible() {
			continue
		}
		if s.v.obj < lowest-margin {
			best, lowest = at, s.v.obj
		} else if best != nil {
			break // it was lower farther out
		}
	}
	return best, lowest
}

// feasible reports whether no side or member is violated at the point of the last evaluation, by more than Options.Activity. What holds
// the pairs is held.
func (s *search) feasible() bool {
	b := s.q.kkt
	for i := len(s.l.eqs); i < b.constraints(); i++ {
		if !(b.value(i) >= -s.opt.Activity) {
			return false
		}
	}
	return s.v.undefined() == ""
}
