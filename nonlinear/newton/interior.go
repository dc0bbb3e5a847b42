package newton

import (
	"math"
	"time"
)

// interior runs an engine from its current point, whose derivatives are up to date. after is asked at each new point whether to end.
func (r *run) interior(e *engine, after func() bool) verdict {
	force, tinies := false, 0
	for {
		e.gradients()
		e.errs = e.optimality(0)
		if v, stop := r.check(e); stop {
			return v
		}
		if after != nil && after() {
			return resume
		}
		ok, exhausted := r.nextStep(e, force)
		if exhausted {
			return r.giveUp("the steps have become too small")
		}
		force = false
		how := stuck
		if ok {
			how = e.search()
		}
		switch how {
		case stuck:
			if v, stop := r.recoverFrom(e, ok); stop {
				return v
			}
		case tiny:
			tinies++
			force = tinies >= 2
		default:
			tinies = 0
			if e.crawls() && !e.elastic && r.restored < mostRestored {
				if v, stop := r.restore(); stop {
					return v
				}
			}
		}
		r.iterations++
		if !r.pr.derivatives(e.cur.v[:r.pr.nx]) {
			return r.giveUp("the derivatives cannot be evaluated")
		}
	}
}

// nextStep chooses the barrier parameter and computes the step; force asks for a lower one. ok is false where there is no step, exhausted where
// the barrier parameter cannot be lowered.
func (r *run) nextStep(e *engine, force bool) (ok, exhausted bool) {
	least := r.opt.Tolerance / 10
	if e.adaptive.on && e.freeMode(least, force) {
		if !e.prepare() {
			return false, false
		}
		if e.kkt.dw > 0 { // the prediction knows nothing of negative curvature
			least = max(least, curvedFall*e.mu)
		}
		mu, ok := e.oracle(least, max(least, e.adaptive.most))
		if ok {
			e.setMu(mu)
		}
		return ok, false
	}
	if !e.adaptive.on {
		e.lowerMu(least, force)
	}
	if force && e.mu <= least {
		return false, true
	}
	return e.prepare() && e.direction(), false
}

// check ends the iteration at a solution, at a limit, or where asked to.
func (r *run) check(e *engine) (verdict, bool) {
	r.report(e)
	if e.errs.all <= r.opt.Tolerance && (e.elastic || e.violation() <= r.opt.Feasibility) {
		return converged, true
	}
	if !e.elastic {
		if e.errs.all <= acceptableTolerance {
			r.acceptable++
			if r.acceptable >= acceptableInARow {
				return nearly, true
			}
		} else {
			r.acceptable = 0
		}
		r.remember(e)
		if r.best.all <= stalledTolerance && r.iterations-r.best.since > mostStalled {
			return r.giveUp("no progress"), true
		}
		if e.runsAway(r.opt.Feasibility) {
			r.message = "the objective falls without limit"
			return unbounded, true
		}
	}
	switch {
	case r.ctx.Err() != nil:
		return interrupted, true
	case r.iterations >= r.most:
		r.message = r.limitReached()
		return limit, true
	case r.timeIsUp():
		r.message = "stopped at the time limit"
		return limit, true
	}
	if r.opt.Progress != nil && !r.opt.Progress(r.iterate(e)) {
		return interrupted, true
	}
	return converged, false
}

// Near a solution, where the residual is at most stalledTolerance, an attempt ends after mostStalled iterations without progress.
const (
	stalledTolerance = 1e-5
	mostStalled      = 100
)

// runsAway reports whether the objective has fallen so low at a point that is feasible, for its size, that it must be unbounded.
func (e *engine) runsAway(feasibility float64) bool {
	if !(e.cur.f < -unboundedBelow*max(1, math.Abs(e.firstF))) {
		return false
	}
	size := 1.0
	for _, c := range e.cur.rows {
		size = max(size, math.Abs(c))
	}
	for _, v := range e.cur.v {
		size = max(size, math.Abs(v))
	}
	return e.errs.primal <= max(feasibility, 1e-8*size)
}

// unboundedBelow is how far, relative to its first value, a scaled objective may fall before it is taken for unbounded.
const unboundedBelow = 1e10

// violation is the largest residual of a row in its own units, less rounding errors.
func (e *engine) violation() float64 {
	most := 0.0
	for r, v := range e.cur.res {
		most = max(most, (math.Abs(v)-rowRounding*math.Abs(e.cur.rows[r]))/e.pr.rowScale[r])
	}
	return most
}

// remember keeps the iterate nearest to a solution.
func (r *run) remember(e *engine) {
	if r.best.set && e.errs.all >= r.best.all || math.IsNaN(e.errs.all) {
		return
	}
	if !r.best.set || e.errs.all < 0.9*r.best.marked {
		r.best.marked, r.best.since = e.errs.all, r.iterations
	}
	if !r.best.set {
		r.best.at = newIterate(e.n, e.pr.mr)
	}
	r.best.set, r.best.all = true, e.errs.all
	r.best.at.copyFrom(&e.cur)
}

// giveUp ends an attempt.
func (r *run) giveUp(why string) verdict {
	if r.message == "" {
		r.message = why
	}
	return failed
}

func (r *run) timeIsUp() bool { return r.opt.TimeLimit > 0 && time.Since(r.began) >= r.opt.TimeLimit }
