package newton

import "math"

// residuals measure how far a point is from the optimality conditions, in scaled units.
type residuals struct {
	dual   float64 // max |∇ of the Lagrangian| / dualScale
	primal float64 // max |res|
	gap    float64 // max |(v - l) zl - mu|, of upper bounds too, / gapScale
	all    float64 // the largest
}

// multiplierSize is the mean multiplier above which residuals are measured relative to the multipliers.
const multiplierSize = 100

// optimality measures the current point against complementarity products of mu; gradients must be up to date.
func (e *engine) optimality(mu float64) residuals {
	sumZ, countZ := 0.0, 0
	var r residuals
	for i, x := range e.cur.v {
		r.dual = maxNaN(r.dual, math.Abs(e.lagrangian[i]))
		if l := e.lower[i]; !math.IsInf(l, -1) {
			z := e.cur.zl[i]
			sumZ += z
			countZ++
			r.gap = maxNaN(r.gap, math.Abs((x-l)*z-mu))
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			z := e.cur.zu[i]
			sumZ += z
			countZ++
			r.gap = maxNaN(r.gap, math.Abs((u-x)*z-mu))
		}
	}
	sumY := 0.0
	for k, y := range e.cur.lambda {
		sumY += math.Abs(y)
		r.primal = maxNaN(r.primal, math.Abs(e.cur.res[k]))
	}
	if count := countZ + len(e.cur.lambda); count > 0 {
		r.dual /= max(multiplierSize, (sumY+sumZ)/float64(count)) / multiplierSize
	}
	if countZ > 0 {
		r.gap /= max(multiplierSize, sumZ/float64(countZ)) / multiplierSize
	}
	r.all = max(r.dual, r.primal, r.gap)
	return r
}

// maxNaN is the larger number; NaN where one is NaN.
func maxNaN(a, b float64) float64 {
	if b > a || b != b {
		return b
	}
	return a
}
