package newton

import (
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

func (r *run) iterate(e *engine) smooth.Iterate {
	return smooth.Iterate{Iteration: r.iterations, Objective: e.cur.f / r.pr.objScale, Violation: e.errs.primal, Residual: e.errs.dual, Mu: e.mu,
		Step: e.alpha, Restoration: e.elastic, Elapsed: time.Since(r.began), X: r.pr.full}
}

func (r *run) report(e *engine) {
	if r.opt.Log == nil {
		return
	}
	if r.iterations%20 == 0 {
		r.opt.Log(" iter      objective  violation  stationar.      gap    log mu     step   shift  rows")
	}
	mark := " "
	if e.elastic {
		mark = "r"
	}
	r.opt.Log(fmt.Sprintf("%5d%s %14.7e  %9.2e  %9.2e %9.2e  %6.1f  %8.2e %7.1e %7.1e", r.iterations, mark, e.cur.f/r.pr.objScale, e.errs.primal, e.errs.dual, e.errs.gap, math.Log10(e.mu), e.alpha, e.kkt.dw, e.kkt.dc))
}

// status is the verdict as the answer tells it.
func (v verdict) status() model.Status {
	switch v {
	case converged:
		return model.StatusOptimal
	case nearly:
		return model.StatusReducedAccuracy
	case infeasible:
		return model.StatusInfeasible
	case unbounded:
		return model.StatusUnbounded
	case limit:
		return model.StatusLimit
	case interrupted:
		return model.StatusInterrupted
	}
	return model.StatusFailed
}
