package newton

import "math"

// outcome is how a line search ended.
type outcome int

const (
	accepted outcome = iota
	tiny             // the step was too small to be judged and was taken
	stuck            // no step length is acceptable
)

// fraction returns the largest step length in (0, 1] that keeps v inside its bounds by the fraction tau.
func (e *engine) fraction(dv []float64) float64 {
	alpha := 1.0
	for i, d := range dv {
		if d < 0 {
			if l := e.lower[i]; !math.IsInf(l, -1) {
				if s := e.cur.v[i] - l; -alpha*d > e.tau*s {
					alpha = -e.tau * s / d
				}
			}
		} else if d > 0 {
			if u := e.upper[i]; !math.IsInf(u, 1) {
				if s := u - e.cur.v[i]; alpha*d > e.tau*s {
					alpha = e.tau * s / d
				}
			}
		}
	}
	return alpha
}

// dualFraction does the same for the bounds' multipliers.
func (e *engine) dualFraction() float64 {
	alpha := 1.0
	for i := range e.dzl {
		if d := e.dzl[i]; d < 0 && -alpha*d > e.tau*e.cur.zl[i] && !math.IsInf(e.lower[i], -1) {
			alpha = -e.tau * e.cur.zl[i] / d
		}
		if d := e.dzu[i]; d < 0 && -alpha*d > e.tau*e.cur.zu[i] && !math.IsInf(e.upper[i], 1) {
			alpha = -e.tau * e.cur.zu[i] / d
		}
	}
	return alpha
}

// search looks for a step length along the direction at hand so that the filter takes the new point, and moves there.
func (e *engine) search() outcome {
	slope := 0.0
	small := true
	for i, d := range e.dv {
		slope += e.barrier[i] * d
		if math.Abs(d) > tinyStep*(1+math.Abs(e.cur.v[i])) {
			small = false
		}
	}
	longest := e.fraction(e.dv)
	if small && e.cur.theta < 1e-4 {
		if e.try(e.dv, longest) {
			e.move(longest, e.dlambda)
			return tiny
		}
	}
	shortest := e.shortest(slope)
	corrected := false
	for alpha := longest; alpha >= shortest; alpha /= 2 {
		if e.try(e.dv, alpha) {
			if ok, augment := e.judge(alpha, slope); ok {
				e.accept(alpha, e.dlambda, augment)
				return accepted
			}
			if !corrected && alpha == longest && e.trial.theta >= e.cur.theta && e.pr.mr > 0 {
				corrected = true
				if e.correct(alpha, slope) {
					return accepted
				}
			}
		}
	}
	return stuck
}

const tinyStep = 10 * 2.2e-16

// shortest is the step length below which the restoration takes over.
func (e *engine) shortest(slope float64) float64 {
	theta := e.cur.theta
	a := gammaTheta
	if slope < 0 {
		a = min(a, gammaPhi*theta/-slope)
		if theta <= e.filter.thetaMin {
			a = min(a, switchDelta*math.Pow(theta, switchTheta)/math.Pow(-slope, switchPhi))
		}
	}
	return max(stepFraction*a, 1e-14)
}

// try evaluates the point a step length along dv.
func (e *engine) try(dv []float64, alpha float64) bool {
	for i, d := range dv {
		e.trial.v[i] = e.cur.v[i] + alpha*d
	}
	return e.evaluate(&e.trial)
}

// judge decides on the trial point. augment says that the filter is to remember the current point.
func (e *engine) judge(alpha, slope float64) (ok, augment bool) {
	cur, trial := &e.cur, &e.trial
	if !e.filter.accepts(trial.theta, trial.phi) {
		return false, false
	}
	if cur.theta <= e.filter.thetaMin && slope < 0 && alpha*math.Pow(-slope, switchPhi) > switchDelta*math.Pow(cur.theta, switchTheta) {
		// The barrier function is what counts: Armijo.
		return atMost(trial.phi-cur.phi, etaPhi*alpha*slope, cur.phi), false
	}
	better := atMost(trial.theta, (1-gammaTheta)*cur.theta, cur.theta) || atMost(trial.phi-cur.phi, -gammaPhi*cur.theta, cur.phi)
	return better, true
}

const (
	mostCorrections    = 4
	correctionProgress = 0.99
)

// correct tries second-order corrections of the step: the residual of the rows at the trial point is added to that of the Newton system.
func (e *engine) correct(alpha, slope float64) bool {
	dl := e.socLambda
	for r, v := range e.cur.res {
		e.soc[r] = -alpha*v - e.trial.res[r]
	}
	last := e.cur.theta
	for k := range mostCorrections {
		if k > 0 && e.trial.theta > correctionProgress*last {
			return false
		}
		last = e.trial.theta
		if !(e.solve(e.soc, e.socV, dl) < badResidual) {
			return false
		}
		a := e.fraction(e.socV)
		if !e.try(e.socV, a) {
			return false
		}
		if ok, augment := e.judge(alpha, slope); ok {
			e.accept(a, dl, augment)
			return true
		}
		for r, v := range e.trial.res {
			e.soc[r] = a*e.soc[r] - v
		}
	}
	return false
}

// accept moves to the trial point.
func (e *engine) accept(alpha float64, dlambda []float64, augment bool) {
	if augment {
		e.filter.add(e.cur.theta, e.cur.phi)
	}
	e.move(alpha, dlambda)
}

// clampFactor bounds how far a multiplier may be from mu over its slack.
const clampFactor = 1e10

// move makes the trial point the current one; the multipliers follow.
func (e *engine) move(alpha float64, dlambda []float64) {
	dual := e.dualFraction()
	t := &e.trial
	for r, d := range dlambda {
		t.lambda[r] = e.cur.lambda[r] + alpha*d
	}
	for i := range t.zl {
		if l := e.lower[i]; !math.IsInf(l, -1) {
			s := t.v[i] - l
			if s <= 0 { // rounding has eaten the distance
				s = math.Nextafter(math.Abs(l), math.Inf(1)) - math.Abs(l)
				t.v[i] = l + s
			}
			t.zl[i] = clamp(e.cur.zl[i]+dual*e.dzl[i], e.mu/(clampFactor*s), clampFactor*e.mu/s)
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			s := u - t.v[i]
			if s <= 0 {
				s = math.Nextafter(math.Abs(u), math.Inf(1)) - math.Abs(u)
				t.v[i] = u - s
			}
			t.zu[i] = clamp(e.cur.zu[i]+dual*e.dzu[i], e.mu/(clampFactor*s), clampFactor*e.mu/s)
		}
	}
	e.cur, e.trial = e.trial, e.cur
	e.alpha = alpha
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

const (
	crawlStep     = 1e-2
	mostCrawls    = 10
	crawlProgress = 0.9
)

// crawls counts the steps in a row that the bounds have cut to next to nothing, and reports whether they are too many while the violation
// hardly falls.
func (e *engine) crawls() bool {
	if e.alpha > crawlStep {
		e.slow = 0
		return false
	}
	if e.slow == 0 {
		e.slowTheta = e.cur.theta
	}
	e.slow++
	if e.slow < mostCrawls {
		return false
	}
	e.slow = 0
	return e.cur.theta > crawlProgress*e.slowTheta && e.cur.theta > e.filter.thetaMin
}
