package newton

import "math"

// The free mode chooses the barrier parameter mu as the minimiser of what the residuals of the conditions would be after the step d(mu) that
// belongs to it, were they linear:
//
//	q(mu) = (1-α_d)² |∇L|²/n + (1-α_p)² |res|²/m + |(Z + α_d ΔZ)(S + α_p ΔS)|²/k
//
// with the longest step lengths α_p and α_d for that step. Since the step is affine in mu, d(mu) = d_0 + mu d_1, two solutions with the same
// factorisation and a search over one number suffice. Source: Nocedal, Wächter and Waltz (2009).
type quality struct {
	dv, dlambda  []float64 // d_1
	dzl, dzu     []float64
	dual, primal float64 // the first two terms, without their factors
}

const (
	sectionSteps = 10
	golden       = 0.6180339887498949
	leastSigma   = 1e-6 // mu between these multiples of the mean product
	mostSigma    = 100.0
)

func newQuality(n, m int) quality {
	return quality{dv: make([]float64, n), dlambda: make([]float64, m), dzl: make([]float64, n), dzu: make([]float64, n)}
}

// oracle chooses the barrier parameter between two numbers and leaves the step that belongs to it in dv, dlambda, dzl and dzu. The matrix must
// be factorised; ok is false where there is no step.
func (e *engine) oracle(least, most float64) (mu float64, ok bool) {
	if !e.affine() {
		return 0, false
	}
	q := &e.quality
	q.dual, q.primal = 0, 0
	for _, g := range e.lagrangian {
		q.dual += g * g
	}
	for _, r := range e.cur.res {
		q.primal += r * r
	}
	q.dual /= float64(max(1, e.n))
	q.primal /= float64(max(1, e.pr.mr))
	average := e.meanProduct(0, 0)
	if average <= 0 { // no bounds
		return least, true
	}
	lo, hi := math.Log(max(leastSigma*average, least)), math.Log(min(mostSigma*average, most))
	if lo < hi {
		at := clamp(math.Log(average), lo, hi)
		// On which side of the mean product does q fall?
		if e.predict(math.Exp(at)) > e.predict(math.Exp(at-0.01)) {
			hi = at
		} else {
			lo = at
		}
		mu = math.Exp(e.section(lo, hi))
	} else {
		mu = math.Exp(lo)
	}
	mu = clamp(mu, least, max(least, most))
	for i := range e.dv {
		e.dv[i] += mu * q.dv[i]
		e.dzl[i] += mu * q.dzl[i]
		e.dzu[i] += mu * q.dzu[i]
	}
	for r := range e.dlambda {
		e.dlambda[r] += mu * q.dlambda[r]
	}
	return mu, true
}

// section minimises the prediction over the logarithm of mu by golden section.
func (e *engine) section(lo, hi float64) float64 {
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	qa, qb := e.predict(math.Exp(a)), e.predict(math.Exp(b))
	for range sectionSteps {
		if hi-lo < 0.05 {
			break
		}
		if qa <= qb {
			hi, b, qb = b, a, qa
			a = hi - golden*(hi-lo)
			qa = e.predict(math.Exp(a))
		} else {
			lo, a, qa = a, b, qb
			b = lo + golden*(hi-lo)
			qb = e.predict(math.Exp(b))
		}
	}
	if qa <= qb {
		return a
	}
	return b
}

// affine computes d_0 in the engine's step and d_1 in the quality's.
func (e *engine) affine() bool {
	mu := e.mu
	defer func() { e.mu = mu }()
	e.mu = 0
	e.gradients()
	if !e.direction() {
		return false
	}
	q := &e.quality
	saved, lambda := e.barrier, e.cur.lambda
	e.barrier, e.cur.lambda = e.socV, e.zero
	for i := range e.barrier {
		l, u, x := e.lower[i], e.upper[i], e.cur.v[i]
		hasL, hasU := !math.IsInf(l, -1), !math.IsInf(u, 1)
		b := 0.0
		if hasL {
			b -= 1 / (x - l)
			if !hasU {
				b += damping
			}
		}
		if hasU {
			b += 1 / (u - x)
			if !hasL {
				b -= damping
			}
		}
		e.barrier[i] = b
	}
	clear(e.soc)
	res := e.solve(e.soc, q.dv, q.dlambda)
	e.barrier, e.cur.lambda = saved, lambda
	if !(res < badResidual) {
		return false
	}
	for i, d := range q.dv {
		if l := e.lower[i]; !math.IsInf(l, -1) {
			s := e.cur.v[i] - l
			q.dzl[i] = 1/s - e.cur.zl[i]/s*d
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			s := u - e.cur.v[i]
			q.dzu[i] = 1/s + e.cur.zu[i]/s*d
		}
	}
	return true
}

// predict is q(mu).
func (e *engine) predict(mu float64) float64 {
	q := &e.quality
	tau := max(tauMin, 1-mu)
	ap, ad := 1.0, 1.0
	for i, x := range e.cur.v {
		d := e.dv[i] + mu*q.dv[i]
		if l := e.lower[i]; !math.IsInf(l, -1) {
			if s := x - l; -ap*d > tau*s {
				ap = -tau * s / d
			}
			if dz := e.dzl[i] + mu*q.dzl[i]; -ad*dz > tau*e.cur.zl[i] {
				ad = -tau * e.cur.zl[i] / dz
			}
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			if s := u - x; ap*d > tau*s {
				ap = tau * s / d
			}
			if dz := e.dzu[i] + mu*q.dzu[i]; -ad*dz > tau*e.cur.zu[i] {
				ad = -tau * e.cur.zu[i] / dz
			}
		}
	}
	gap, count := 0.0, 0
	for i, x := range e.cur.v {
		x += ap * (e.dv[i] + mu*q.dv[i])
		if l := e.lower[i]; !math.IsInf(l, -1) {
			p := (x - l) * (e.cur.zl[i] + ad*(e.dzl[i]+mu*q.dzl[i]))
			gap += p * p
			count++
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			p := (u - x) * (e.cur.zu[i] + ad*(e.dzu[i]+mu*q.dzu[i]))
			gap += p * p
			count++
		}
	}
	return (1-ad)*(1-ad)*q.dual + (1-ap)*(1-ap)*q.primal + gap/float64(max(1, count))
}
