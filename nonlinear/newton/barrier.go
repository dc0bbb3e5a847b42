package newton

import "math"

// The barrier parameter falls when the conditions with products mu hold to barrierError mu:
//
//	mu <- max(tol/10, min(mu/5, mu^1.5)).
const (
	firstMu      = 0.1
	barrierError = 10.0
	linearFall   = 0.2
	powerFall    = 1.5
	tauMin       = 0.99
)

// setMu changes the barrier parameter and what depends on it at the current point.
func (e *engine) setMu(mu float64) {
	e.mu = mu
	e.tau = max(tauMin, 1-mu)
	e.cur.phi = e.cur.f + e.barrierTerm(e.cur.v)
	e.gradients()
	e.filter.reset()
}

// lowerMu reduces the barrier parameter while the subproblem is solved well enough; force reduces it once in any case.
func (e *engine) lowerMu(least float64, force bool) (changed bool) {
	for e.mu > least && (force || e.optimality(e.mu).all <= barrierError*e.mu) {
		force = false
		e.setMu(max(least, min(linearFall*e.mu, math.Pow(e.mu, powerFall))))
		changed = true
	}
	return changed
}
