package newton

import "math"

// In its free mode the iteration chooses the barrier parameter anew at each point: see quality. Where the residual of the conditions does not
// fall over a few such iterations, the fixed mode takes over: a barrier parameter that falls only when its subproblem is solved. The free
// mode comes back when the residual is better than it was.
type adaptive struct {
	on    bool
	fixed bool
	past  []float64 // residuals of the last points of the free mode
	most  float64   // the largest barrier parameter that it may choose
}

const (
	pastResiduals = 4
	residualFall  = 0.9999
	fixedFactor   = 0.8
	curvedFall    = 0.05 // at most, of the barrier parameter in one step where the Hessian had to be shifted
)

// meanProduct is the mean of the products of multipliers and distances at a step along the directions.
func (e *engine) meanProduct(primal, dual float64) float64 {
	sum, count := 0.0, 0
	for i, x := range e.cur.v {
		x += primal * e.dv[i]
		if l := e.lower[i]; !math.IsInf(l, -1) {
			sum += (x - l) * (e.cur.zl[i] + dual*e.dzl[i])
			count++
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			sum += (u - x) * (e.cur.zu[i] + dual*e.dzu[i])
			count++
		}
	}
	if count == 0 {
		return 0
	}
	return sum / float64(count)
}

// freeMode decides which mode the next iteration is in, and lowers the barrier parameter in the fixed one.
func (e *engine) freeMode(least float64, force bool) bool {
	a := &e.adaptive
	if a.most == 0 {
		a.most = max(1e5, 1e3*e.meanProduct(0, 0))
	}
	now := e.errs.all
	progress := len(a.past) < pastResiduals
	for _, p := range a.past {
		progress = progress || now <= residualFall*p
	}
	if a.fixed {
		if progress && !force {
			a.fixed = false
		} else {
			e.lowerMu(least, force)
			return false
		}
	} else if !progress || force {
		e.fixMode(least)
		return false
	}
	if len(a.past) >= pastResiduals {
		copy(a.past, a.past[1:])
		a.past = a.past[:pastResiduals-1]
	}
	a.past = append(a.past, now)
	return true
}

// leaveFreeMode begins the fixed mode where a line search was stuck, until the residual is less than it is now.
func (e *engine) leaveFreeMode(least float64) (changed bool) {
	a := &e.adaptive
	a.past = a.past[:0]
	for range pastResiduals {
		a.past = append(a.past, e.errs.all)
	}
	return e.fixMode(least)
}

// fixMode begins the fixed mode. It reports whether that changes the barrier parameter.
func (e *engine) fixMode(least float64) bool {
	e.adaptive.fixed = true
	mu := clamp(fixedFactor*e.meanProduct(0, 0), least, e.adaptive.most)
	changed := mu != e.mu
	e.setMu(mu)
	return changed
}
