package main

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// claim is what a run says about a problem.
type claim int

const (
	stopped    claim = iota // by its limit; it may have a point
	optimal                 // with a proof, or what passes for one
	infeasible              // likewise
	failed                  // no answer
)

// outcome is one run on one instance.
type outcome struct {
	who      string // ours, highs, cbc, direct
	claim    claim
	value    float64 // of its point; NaN without one
	bound    float64 // NaN where there is none
	verified bool    // its point, as it is, is bilevel feasible
	measured float64 // the leader's objective at its decision with the followers solved again; NaN where that is not bilevel feasible
	seconds  float64 // for a run that was stopped: its limit
	note     string  // what the table does not show: nodes, the M that was right, why it failed
	wrong    bool    // set by judge
}

// solved reports a claim that stands.
func (o outcome) solved() bool { return (o.claim == optimal || o.claim == infeasible) && !o.wrong }

// gap is |value - bound| / |value|, 0 for a solved instance, infinite where one is missing.
func (o outcome) gap() float64 {
	switch {
	case o.solved():
		return 0
	case math.IsNaN(o.value), math.IsNaN(o.bound), math.IsInf(o.bound, 0):
		return math.Inf(1)
	}
	return math.Abs(o.value-o.bound) / math.Max(1e-9, math.Abs(o.value))
}

// contest is one instance with all of its runs, ours first.
type contest struct {
	instance
	sense    model.Sense
	optimum  float64 // closed form; NaN: none
	outcomes []outcome
}

// tolerance is the relative difference of values that is none: the gap that all are asked for, on either side.
const tolerance = 1e-4

func same(a, b float64) bool {
	return math.Abs(a-b) <= tolerance*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// judge marks the claims that are wrong. What is right is the closed form; without one, the best measured value, whoever
// found it; without such a point, that there is none, if anybody claims so. A claim of optimality without a measured value is wrong only where another
// value or the claim that there is no point speaks against it.
func (c *contest) judge() {
	want, nothing := c.optimum, false
	if math.IsNaN(want) {
		want, nothing = c.reference()
	}
	for i := range c.outcomes {
		o := &c.outcomes[i]
		switch o.claim {
		case optimal:
			o.wrong = nothing || !math.IsNaN(want) && !same(o.value, want)
		case infeasible:
			o.wrong = !nothing
		}
	}
}

// reference is the best measured value, NaN without one; nothing says that the problem is taken to be infeasible.
func (c *contest) reference() (want float64, nothing bool) {
	want = math.NaN()
	for _, o := range c.outcomes {
		if !math.IsNaN(o.measured) && (math.IsNaN(want) || c.better(o.measured, want)) {
			want = o.measured
		}
		nothing = nothing || o.claim == infeasible
	}
	return want, nothing && math.IsNaN(want)
}

func (c *contest) better(a, b float64) bool {
	if c.sense == model.Maximize {
		return a > b
	}
	return a < b
}

// best is the fastest alternative: one that solved the instance, with its time, or else the least limit that stopped one, which is a lower
// bound of the time. Alternatives that were wrong or failed do not count; ok is false where none is left.
func (c *contest) best() (o outcome, ok bool) {
	for _, a := range c.outcomes[1:] {
		counts := a.solved() || a.claim == stopped
		faster := !ok || a.solved() && !o.solved() || a.solved() == o.solved() && a.seconds < o.seconds
		if counts && faster {
			o, ok = a, true
		}
	}
	return o, ok
}

// shortest is the time that counts for everything below it: the resolution of the clocks of the programs.
const shortest = 0.01

// ratio is our time over that of the best alternative. ok is false where there is nothing to compare: neither solved the instance, no alternative
// counts, or ours failed. Where only one solved it, the ratio is the bound that the limit of the other gives.
func (c *contest) ratio() (r float64, ok bool) {
	ours := c.outcomes[0]
	best, ok := c.best()
	if !ok || ours.wrong || ours.claim == failed || !ours.solved() && !best.solved() {
		return math.NaN(), false
	}
	return math.Max(ours.seconds, shortest) / math.Max(best.seconds, shortest), true
}

// agrees reports whether a new outcome would be judged right beside those that are there, and would not make any of them wrong.
func (c *contest) agrees(o outcome) bool {
	with := *c
	with.outcomes = append(append([]outcome(nil), c.outcomes...), o)
	with.judge()
	for _, o := range with.outcomes {
		if o.wrong {
			return false
		}
	}
	return true
}
