package newton

import "math"

// Restoration: where the line search finds no acceptable step, the violation alone is reduced,
//
//	min rho Σ(p + q) + zeta/2 |D (v - v_R)|²  s.t. c(x) - b - p + q = 0 (slacks alike), bounds, p, q >= 0,
//
// with D = diag(min(1, 1/|v_R|)) and zeta = sqrt(mu), by the same interior iteration, until a point is found that the filter of the main
// iteration takes and whose violation is a part of that where the restoration began. A stationary point of this program with violation left is
// what is reported as infeasible.
const (
	restorationRho = 1000
	mostRestored   = 50
)

// progress is the part of the violation that may be left after the first restoration, the second and so on.
var progress = [...]float64{0.9, 0.9, 0.5, 0.5, 0.1}

// recoverFrom answers a line search that is stuck. It returns a verdict where that is the end.
func (r *run) recoverFrom(e *engine, hadDirection bool) (verdict, bool) {
	if e.elastic {
		return r.giveUp("the search for a feasible point got stuck"), true
	}
	if e.adaptive.on && !e.adaptive.fixed && e.leaveFreeMode(r.opt.Tolerance/10) { // the barrier parameter may have been a bad choice
		return 0, false
	}
	if e.errs.primal <= r.opt.Tolerance*1e-2 || r.pr.mr == 0 || r.restored >= mostRestored {
		why := "the steps have become too small"
		if !hadDirection {
			why = "the system of the Newton step is singular"
		}
		return r.giveUp(why), true
	}
	r.message = ""
	return r.restore()
}

// restore runs the restoration from the main engine's point and moves that to what it finds.
func (r *run) restore() (verdict, bool) {
	m, pr := r.main, r.pr
	r.restored++
	if r.feasible == nil {
		r.feasible = newEngine(pr, m.kkt, true)
	}
	e := r.feasible
	lastShift := m.kkt.last
	m.filter.add(m.cur.theta, m.cur.phi)
	e.enterFrom(m)
	m.kkt.last = 0
	enough := m.cur.theta * progress[min(r.restored, len(progress))-1]
	v := r.interior(e, func() bool { return r.acceptedByMain(enough) })
	m.kkt.last = lastShift
	switch v {
	case resume:
		r.adopt()
		return 0, false
	case converged, nearly:
		copy(m.cur.v, e.cur.v)
		violated := m.evaluate(&m.cur) && m.violation() > r.opt.Feasibility
		r.pr.derivatives(m.cur.v[:pr.nx])
		copy(m.cur.lambda, e.cur.lambda)
		if violated {
			r.message = "a stationary point of the violation: locally, no point satisfies the constraints"
			return infeasible, true
		}
		r.adopt()
		m.filter.reset()
		return 0, false
	default:
		copy(m.cur.v, e.cur.v)
		m.evaluate(&m.cur)
		return v, true
	}
}

// acceptedByMain reports whether the restoration's point will do for the main iteration: enough is the violation that it may have.
func (r *run) acceptedByMain(enough float64) bool {
	m, e := r.main, r.feasible
	copy(m.trial.v, e.cur.v)
	copy(m.trial.rows, e.cur.rows)
	m.residual(&m.trial)
	return m.trial.theta <= enough && m.evaluate(&m.trial) && m.filter.accepts(m.trial.theta, m.trial.phi)
}

// adopt makes the restoration's point the main one, with multipliers that fit.
func (r *run) adopt() {
	m, e, pr := r.main, r.feasible, r.pr
	nv := pr.nx + pr.ms
	copy(m.cur.v, e.cur.v[:nv])
	m.evaluate(&m.cur)
	most := 0.0
	for i := range nv {
		m.cur.zl[i], m.cur.zu[i] = e.cur.zl[i], e.cur.zu[i]
		most = max(most, m.cur.zl[i], m.cur.zu[i])
	}
	if most > restorationRho { // they belong to the violation more than to the objective
		m.unitMultipliers()
	}
	pr.derivatives(m.cur.v[:pr.nx])
	m.gradients()
	m.leastSquares()
	r.acceptable = 0
}

// enterFrom starts the restoration at the main engine's point.
func (e *engine) enterFrom(m *engine) {
	pr := e.pr
	nv := pr.nx + pr.ms
	most := 0.0
	for _, v := range m.cur.res {
		most = max(most, math.Abs(v))
	}
	e.weight, e.rho = 0, restorationRho
	e.mu = max(m.mu, most)
	e.tau = max(tauMin, 1-e.mu)
	e.zeta = math.Sqrt(e.mu)
	copy(e.cur.v, m.cur.v)
	copy(e.ref, m.cur.v)
	for i, v := range e.ref {
		e.prox[i] = min(1, 1/math.Abs(v))
	}
	for r, c := range m.cur.res {
		a := (e.mu - e.rho*c) / (2 * e.rho)
		q := a + math.Sqrt(a*a+e.mu*c/(2*e.rho))
		if a < 0 { // the other form of the root, without cancellation
			q = e.mu * c / (2 * e.rho) / (math.Sqrt(a*a+e.mu*c/(2*e.rho)) - a)
		}
		q = max(q, 1e-20)
		p := max(c+q, 1e-20)
		at := nv + r
		e.cur.v[at], e.cur.v[at+pr.mr] = p, q
		e.cur.zl[at], e.cur.zl[at+pr.mr] = e.mu/p, e.mu/q
	}
	for i := range nv {
		e.cur.zl[i], e.cur.zu[i] = min(e.rho, m.cur.zl[i]), min(e.rho, m.cur.zu[i])
	}
	clear(e.cur.lambda)
	copy(e.cur.rows, m.cur.rows)
	e.evaluate(&e.cur)
	e.gradients()
	e.leastSquares()
	e.setMu(e.mu)
	e.filter.start(e.cur.theta)
}
