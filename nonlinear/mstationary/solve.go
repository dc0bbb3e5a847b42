package mstationary

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system"
)

// Solve looks for an M-stationary point of p with the standard pairs from start. p is used by Solve alone until it returns, and keeps
// its bounds. Solve stops soon after ctx is done. Errors are calls that make no sense: *PairError, *StartError, *OptionError.
//
// Where a stationary point shows by its second order or its multipliers that it is no minimiser, the search goes on from a better point
// beside it, Options.Descents times, and the best stationary point is the answer.
func Solve(ctx context.Context, p smooth.Program, pairs []model.Pair, start Start, opt Options) (*Result, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkPairs(p, pairs); err != nil {
		return nil, err
	}
	if err := start.check(p.NumVars(), p.NumRows(), len(pairs)); err != nil {
		return nil, err
	}
	s := &search{opt: opt, began: time.Now(), pairs: len(pairs), l: newLayout(p, pairs)}
	s.v = newValues(s.l)
	if s.l.cross >= 0 {
		return s.contradiction(start.X), nil
	}
	s.run(ctx, start)
	return s.result, nil
}

// search is the state of one solve.
type search struct {
	opt        Options
	began      time.Time
	pairs      int // in the call
	l          *layout
	v          *values
	q          *equations
	iterations int
	halted     bool // by Progress
	steps      Steps
	result     *Result
}

// contradiction is the result for bounds that no point satisfies.
func (s *search) contradiction(x []float64) *Result {
	what, lo, hi := "variable", []float64(nil), []float64(nil)
	if s.l.crossR {
		what = "row"
		lo, hi = s.l.prog.RowBounds()
	} else {
		lo, hi = s.l.prog.Bounds()
	}
	k := s.l.cross
	return &Result{Status: model.StatusInfeasible, X: slices.Clone(x), Objective: math.NaN(), PhiM: math.NaN(), Stationarity: math.NaN(), Gap: math.NaN(),
		Violation: lo[k] - hi[k], Complementarity: math.NaN(), Residual: math.Inf(1), Message: fmt.Sprintf("%s %d has the bounds %g and %g", what, k, lo[k], hi[k])}
}

func (s *search) run(ctx context.Context, start Start) {
	w := s.begin(start)
	s.q = newEquations(s.l, s.v)
	if !start.known() {
		estimate(ctx, s.l, s.v, w)
	}
	first := slices.Clone(w)
	s.v.at(w)
	if reason := s.v.undefined(); reason != "" {
		s.result = s.conclude(w, &system.Result{Outcome: system.Undefined, Residual: math.Inf(1), Message: reason + " at the start; start inside the domain of the functions"})
	} else {
		s.result = s.stationary(ctx, w)
	}
	if !s.result.Solved() && !s.stopped(ctx) {
		s.again(ctx, first)
	}
	for range max(0, s.opt.Descents) {
		if !s.result.Solved() || s.stopped(ctx) || !s.descend(ctx) {
			break
		}
	}
	r := s.result
	switch {
	case r.Status != model.StatusFailed && r.Status != model.StatusLimit:
	case s.halted || ctx.Err() != nil:
		r.Status = model.StatusInterrupted
	case s.stopped(ctx):
		r.Status, r.Message = model.StatusLimit, fmt.Sprintf("the time limit of %v was reached", s.opt.TimeLimit)
	}
	r.Iterations, r.Evaluations, r.Steps, r.Seconds = s.iterations, s.v.count, s.steps, time.Since(s.began).Seconds()
}

// again makes a second attempt after the search from w has failed: from the end of a walk that begins at a feasible point near w.
func (s *search) again(ctx context.Context, w []float64) {
	if !s.nearest(ctx, w) {
		if !s.stopped(ctx) && s.result.Status == model.StatusFailed && !math.IsInf(s.result.Residual, 1) {
			s.result.Status = model.StatusInfeasible
			s.result.Message += "; the violation of the constraints has a local minimum near the start that is not zero"
		}
		return
	}
	if s.v.at(w); s.v.undefined() != "" {
		return
	}
	estimate(ctx, s.l, s.v, w)
	if s.walk(ctx, w) == unbounded {
		s.result = s.bottomless(w)
		return
	}
	if r := s.stationary(ctx, w); r.Residual < s.result.Residual {
		s.result = r
	}
}

// bottomless is the result of a walk that has seen no limit of the objective, to w.
func (s *search) bottomless(w []float64) *Result {
	residual := s.q.Measure(w, nil)
	r := s.conclude(w, &system.Result{Outcome: system.Stalled, Residual: residual,
		Message: fmt.Sprintf("the objective falls without limit along feasible points, to %.3g here", s.v.obj/s.l.objScale)})
	r.Status, r.Class = model.StatusUnbounded, ClassNone
	return r
}

// stopped reports whether the solve has to end: by the context, the limit of time, or Progress.
func (s *search) stopped(ctx context.Context) bool {
	return s.halted || ctx.Err() != nil || s.opt.TimeLimit > 0 && time.Since(s.began) >= s.opt.TimeLimit
}

// begin returns the unknowns of a start, its point brought into the bounds of the variables, and sets the scales there.
func (s *search) begin(start Start) []float64 {
	l := s.l
	w := make([]float64, l.unknowns())
	lo, hi := l.prog.Bounds()
	for k, j := range l.free {
		w[k] = min(max(start.X[j], lo[j]), hi[j])
	}
	if !s.opt.NoScaling {
		s.v.at(w)
		l.setScales(s.v)
		s.v.forget()
	}
	s.setMultipliers(w, start)
	return w
}

// remaining is the part of the limit of time that is left, which is never zero where there is a limit.
func (s *search) remaining() time.Duration {
	if s.opt.TimeLimit == 0 {
		return 0
	}
	return max(1, s.opt.TimeLimit-time.Since(s.began))
}

// tell lets Progress hear of an iterate, and reports whether to go on.
func (s *search) tell(it system.Iterate) bool {
	it.Elapsed = time.Since(s.began)
	s.halted = !s.opt.Progress(it)
	return !s.halted
}

// stationary runs the search for a solution of the system from w.
func (s *search) stationary(ctx context.Context, w []float64) *Result {
	before := s.iterations
	var progress func(it system.Iterate) bool
	if s.opt.Progress != nil {
		progress = func(it system.Iterate) bool {
			it.Iteration += before
			return s.tell(it)
		}
	}
	r, err := system.Solve(ctx, s.q, w, system.Options{Method: system.LevenbergMarquardt, Tolerance: s.opt.Tolerance, MaxIterations: s.opt.MaxIterations, TimeLimit: s.remaining(),
		Damping: system.Damping{Max: 1e-2}, Patience: 15, LeastDecrease: 0.1, Progress: progress})
	if err != nil {
		// The start was checked: only a derivative that is not a number at the start can bring this about.
		return s.conclude(w, &system.Result{Outcome: system.Undefined, Message: err.Error(), Residual: math.Inf(1)})
	}
	s.iterations += r.Iterations
	s.steps.add(r)
	return s.conclude(r.W, r)
}
