package mstationary

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// walk descends over feasible points, from one branch to the next, until no multiplier shows a way on. It holds a set of active
// constraints, of each pair at least one member. At each point it makes the step of sequential quadratic programming on what is held, with
// the Hessian made convex on the null space by a multiple of the identity; as far as the first other constraint, which is then held
// too. Where what is held admits no descent, it lets go of the constraint with the most negative multiplier: a side, or a member of a
// biactive pair whose other member is held. For linear constraints this is the simplex method with complementarity, or its like for
// quadratic objectives; curved ones are restored after each step.
//
// w is feasible, and at the end the last point with its multipliers.
func (s *search) walk(ctx context.Context, w []float64) walkEnd {
	k := &walker{s: s, b: s.q.kkt, w: w, moved: true}
	n, nc := len(s.l.free), s.q.kkt.constraints()
	k.r, k.rhs, k.d, k.y = make([]float64, n), make([]float64, nc), make([]float64, n), make([]float64, nc)
	k.grad, k.trial = make([]float64, n), make([]float64, len(w))
	k.back, k.none = make([]float64, n), make([]float64, nc)
	s.v.at(w)
	s.holdActive()
	k.prune()
	limit := s.opt.MaxSteps
	if limit == 0 {
		limit = max(200, 4*len(w))
	}
	for range limit {
		if s.stopped(ctx) {
			return broken
		}
		if k.moved && !newHeld(s.l, s.v, k.b).restore(ctx, w, 1e-4*s.opt.Tolerance, s.opt.Tolerance) {
			return broken
		}
		k.moved = false
		s.v.at(w)
		s.v.hessian(w)
		if !k.direction() {
			return broken
		}
		if k.settled() {
			if !k.release() {
				return arrived
			}
			continue
		}
		if !k.step(ctx) {
			return broken
		}
		s.steps.Walk++
		s.iterations++
		if s.opt.Progress != nil && !s.tell(system.Iterate{Iteration: s.iterations, Residual: s.q.Measure(w, nil), Norm: math.NaN(), Gradient: math.NaN(), Kind: system.StepProposed, W: w}) {
			return broken
		}
		if s.v.obj < -depth {
			return unbounded
		}
	}
	return broken
}

// walkEnd says how a walk ended.
type walkEnd uint8

const (
	broken    walkEnd = iota // by a limit, or because no step was found
	arrived                  // at a point without a way on
	unbounded                // below -depth
)

// depth is the size of a scaled objective from which on it counts as falling without limit.
const depth = 1e12

// walker is the state of a walk.
type walker struct {
	s           *search
	b           *branchSystem // active is what is held
	w           []float64
	r, rhs      []float64
	d, y        []float64 // the step and the new multipliers, in the signs of the branch system
	grad, trial []float64
	back, none  []float64
	shift       float64
	idle        int  // constraints let go since the point moved
	moved       bool // what is held has changed: it is active to a tolerance only
}

// direction computes the step at w and gives w its multipliers.
func (k *walker) direction() bool {
	s, b := k.s, k.b
	for i, j := range s.l.free {
		k.r[i] = -s.v.grad[j]
	}
	for i, on := range b.active {
		k.rhs[i] = 0
		if on {
			k.rhs[i] = -b.value(i)
		}
	}
	size := dense.MaxAbs(s.v.hess)
	k.shift = 0
	for try, pruned := 0, false; ; try++ {
		regular := b.factoriseSparse(k.shift, 0)
		if !regular && !pruned {
			k.prune()
			pruned = true
			regular = b.factoriseSparse(k.shift, 0)
		}
		// A tiny diagonal in the block of the constraints mends what dependent ones are left.
		if regular && b.convex() || !regular && b.factoriseSparse(k.shift, 1e-9) && b.convex() {
			break
		}
		if try == 14 || math.IsNaN(size) {
			return false
		}
		k.shift = max(10*k.shift, 1e-4*max(size, 1e-2))
	}
	if !b.solve(k.r, k.rhs, k.d, k.y) {
		return false
	}
	n := len(s.l.free)
	for i, y := range k.y {
		if i >= len(s.l.eqs) {
			y = -y
		}
		k.w[n+i] = y
	}
	return true
}

// settled reports whether the point is stationary on what is held: by the gradient of the Lagrangian, or because the step is too short
// to tell its descent from rounding.
func (k *walker) settled() bool {
	if dense.MaxAbs(k.d) <= 1e-7*(1+dense.MaxAbs(k.w[:len(k.grad)])) {
		return true
	}
	k.s.v.lagrangian(k.w, k.grad)
	return dense.MaxAbs(k.grad) <= k.s.opt.Tolerance*multiplierSize(k.w[len(k.grad):])
}

// release lets go of the constraint with the most negative multiplier, and reports whether there is one.
func (k *walker) release() bool {
	s, b, n := k.s, k.b, len(k.s.l.free)
	worst, which := -1e-7*multiplierSize(k.w[n:]), -1
	byNumber := k.idle > patience // the first instead of the most negative one: where the point does not move, this ends circles
	first := len(s.l.eqs) + len(s.l.sides)
	for i := len(s.l.eqs); i < len(b.active); i++ {
		if !b.active[i] || k.w[n+i] >= worst {
			continue
		}
		if i >= first && s.l.natural(s.v, b.side(partner(i, first))) > s.opt.Activity {
			continue // the other member is positive: this one has to stay
		}
		worst, which = k.w[n+i], i
		if byNumber {
			break
		}
	}
	k.idle++
	if which < 0 {
		return false
	}
	b.active[which] = false
	if which >= first {
		if mate := partner(which, first); !b.active[mate] {
			b.active[mate] = true
			k.moved = true
		}
	}
	return true
}

// patience is the number of constraints that are let go at one point by the size of their multipliers.
const patience = 20

// partner is the number of the other member of the pair of constraint i, where the members begin at first.
func partner(i, first int) int { return first + ((i - first) ^ 1) }

// step goes along d and reports whether the objective fell, or a constraint was in the way and is now held.
func (k *walker) step(ctx context.Context) bool {
	s, b, n := k.s, k.b, len(k.s.l.free)
	reach, blocking := math.Inf(1), -1
	for i := len(s.l.eqs); i < len(b.active); i++ {
		if b.active[i] {
			continue
		}
		rate := 0.0
		b.slope(i, func(j int32, g float64) { rate += g * k.d[j] })
		if rate >= -1e-12*dense.MaxAbs(k.d) {
			continue
		}
		if t := max(b.value(i), 0) / -rate; t < reach {
			reach, blocking = t, i
		}
	}
	if reach == 0 {
		b.active[blocking] = true
		k.moved = true
		return true
	}
	slope := -dense.Dot(k.r, k.d)
	t := min(1, reach)
	if k.shift > 0 { // the objective is flat or bends down: the length of d means little
		t = min(reach, 1e6)
	}
	before := s.v.obj
	for range 40 {
		copy(k.trial, k.w)
		for j := range n {
			k.trial[j] += t * k.d[j]
		}
		if k.restore(ctx) && s.feasible() && s.v.obj <= before+1e-4*t*min(slope, 0)+1e-14*math.Abs(before) {
			copy(k.w, k.trial)
			k.idle = 0
			// A curved constraint in the way may not be active yet where its linearisation is: the next step leads closer.
			if t == reach && math.Abs(s.l.natural(s.v, b.side(blocking))) <= s.opt.Activity {
				b.active[blocking] = true
				k.moved = true
			}
			return true
		}
		t /= 2
	}
	return false
}

// restore moves trial to what is held. The matrix of the step serves for the corrections, as long as they converge.
func (k *walker) restore(ctx context.Context) bool {
	s, b := k.s, k.b
	aim, before := 1e-2*s.opt.Tolerance, math.Inf(1)
	clear(k.back)
	for range 8 {
		s.v.at(k.trial)
		size := 0.0
		for i, on := range b.active {
			k.rhs[i] = 0
			if on {
				k.rhs[i] = -b.value(i)
				size = max(size, math.Abs(k.rhs[i]))
			}
		}
		if size <= aim {
			return true
		}
		if !(size <= before/2) || !b.solve(k.back, k.rhs, k.grad, k.none) {
			break
		}
		before = size
		for j, d := range k.grad {
			k.trial[j] += d
		}
	}
	return newHeld(s.l, s.v, b).restore(ctx, k.trial, aim, s.opt.Tolerance)
}
