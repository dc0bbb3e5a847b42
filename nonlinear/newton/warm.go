package newton

import "math"

// A warm start has multipliers. Newton's method on the nonsmooth system (see polisher) is tried from it at once: where the active bounds are
// still the same or nearly so, a few steps are all that is needed. Else the interior iteration starts with a small barrier parameter mu, at
// the point where each product of multiplier and distance is at least mu:
//
//	v - l >= min(mu/z, √mu max(1, |l|)),   z >= mu/(v - l).

// warm solves from the start's multipliers; ok is false where that did not lead to a solution.
func (r *run) warm() (v verdict, ok bool) {
	e, pr := r.main, r.pr
	if r.start.Rows == nil || len(r.start.Rows) != r.p.NumRows() {
		return failed, false
	}
	for k, j := range pr.vars {
		e.cur.v[k] = clamp(r.start.X[j], pr.exactLower[k], pr.exactUpper[k])
		e.cur.zl[k], e.cur.zu[k] = 0, 0
		if len(r.start.Lower) > int(j) && !math.IsInf(pr.exactLower[k], -1) {
			e.cur.zl[k] = max(0, r.start.Lower[j]*pr.objScale)
		}
		if len(r.start.Upper) > int(j) && !math.IsInf(pr.exactUpper[k], 1) {
			e.cur.zu[k] = max(0, r.start.Upper[j]*pr.objScale)
		}
	}
	for k, row := range pr.rows {
		y := r.start.Rows[row] * pr.objScale / pr.rowScale[k]
		if s := pr.slack[k]; s >= 0 {
			e.cur.zl[s], e.cur.zu[s] = 0, 0
			if !math.IsInf(pr.exactLower[s], -1) {
				e.cur.zl[s] = max(0, -y)
			} else {
				y = max(0, y)
			}
			if !math.IsInf(pr.exactUpper[s], 1) {
				e.cur.zu[s] = max(0, y)
			} else {
				y = min(0, y)
			}
		}
		e.cur.lambda[k] = y
	}
	if _, ok := pr.values(e.cur.v[:pr.nx], e.cur.rows); !ok {
		return failed, false
	}
	for k, s := range pr.slack {
		if s >= 0 {
			e.cur.v[s] = clamp(e.cur.rows[k], pr.exactLower[s], pr.exactUpper[s])
		}
	}
	if r.set.polish {
		done := r.polish.run(r.opt.Tolerance, r.opt.Feasibility)
		r.iterations += r.polish.steps
		if done {
			return converged, true
		}
	}
	return r.warmInterior()
}

const (
	leastWarmMu = 1e-9
	mostWarmMu  = 1e-1
)

// warmInterior starts the interior iteration at the main engine's point, which has multipliers and slacks.
func (r *run) warmInterior() (verdict, bool) {
	mu := r.opt.Mu
	if mu <= 0 {
		mu = r.main.meanProduct(0, 0)
	}
	r.message, r.acceptable, r.restored = "", 0, 0
	r.best.set = false
	r.most = min(r.opt.MaxIterations, r.iterations+firstAttempt)
	v := r.fromInterior(clamp(mu, leastWarmMu, mostWarmMu))
	v = r.finish(v)
	return v, v.final()
}

// fromInterior moves the main engine's point inside and runs the interior iteration from there.
func (r *run) fromInterior(mu float64) verdict {
	e, pr := r.main, r.pr
	e.reset(true)
	e.moveInside(mu)
	e.mu = mu
	if !e.evaluate(&e.cur) || !pr.derivatives(e.cur.v[:pr.nx]) {
		return failed
	}
	e.firstF = e.cur.f
	e.gradients()
	e.setMu(mu)
	e.filter.start(e.cur.theta)
	return r.interior(e, nil)
}

// moveInside moves the current point away from its bounds until each product of multiplier and distance is at least mu.
func (e *engine) moveInside(mu float64) {
	widest := math.Sqrt(mu)
	for i := range e.cur.v {
		l, u := e.lower[i], e.upper[i]
		hasL, hasU := !math.IsInf(l, -1), !math.IsInf(u, 1)
		if hasL {
			d := min(mu/max(e.cur.zl[i], 1e-300), widest*max(1, math.Abs(l)))
			if hasU {
				d = min(d, push*(u-l))
			}
			e.cur.v[i] = max(e.cur.v[i], l+d)
		}
		if hasU {
			d := min(mu/max(e.cur.zu[i], 1e-300), widest*max(1, math.Abs(u)))
			if hasL {
				d = min(d, push*(u-l))
			}
			e.cur.v[i] = min(e.cur.v[i], u-d)
		}
		if hasL {
			e.cur.zl[i] = max(e.cur.zl[i], mu/(e.cur.v[i]-l))
		}
		if hasU {
			e.cur.zu[i] = max(e.cur.zu[i], mu/(u-e.cur.v[i]))
		}
	}
}
