package verify

import (
	"math"
	"slices"
)

// polish sharpens an answer y of a nonlinear task with multipliers lambda by Newton steps on the optimality conditions with the constraints
// and bounds that are reached held as equations,
//
//	H dy - A' dlambda = -(gradient - A' lambda),    A dy = side - c(y),    H = Hessian of the Lagrangian,
//
// with a small ρ on the diagonal, so that A and H need no full rank. Several guesses of what is reached are tried, as in refine. The pair is
// kept whose localGap is least, unless its cost is higher than that of y; where none is better, y and lambda come back as they are.
func (t *task) polish(y, lambda []float64) (bestY, bestLambda []float64) {
	bestY, bestLambda = y, lambda
	best := t.localGap(y, lambda)
	cost := t.costAt(y)
	unit := math.Max(t.terms, math.Abs(cost))
	ceiling := cost + 1e-7*unit + t.price(y, lambda)
	for k := 0; k < 2*len(nearlyActive) && !(best <= exactGap*unit); k++ {
		if len(y)+len(lambda) > fewGuesses && k%4 != 2 { // a few guesses, each with the multipliers given
			continue
		}
		z, l := slices.Clone(y), make([]float64, len(lambda))
		if k%2 == 0 {
			copy(l, lambda)
		}
		if !t.newton(z, l, nearlyActive[k/2]) {
			continue
		}
		if gap := t.localGap(z, l); gap < best && t.costAt(z) <= ceiling {
			bestY, bestLambda, best = z, l, gap
		}
	}
	return bestY, bestLambda
}

// fewGuesses is the number of variables and constraints from which a step of Newton's method is dear.
const fewGuesses = 100

// answerViolation is the largest scaled violation of an answer that a point is measured against. What it may gain is charged: see price.
const answerViolation = 1e-8

// price is what the violations of y are worth at the multipliers: to first order the least cost is not below the cost of y by more.
func (t *task) price(y, lambda []float64) float64 {
	j := t.at(y)
	v := 0.0
	for r, l := range lambda {
		if l != 0 {
			v += math.Abs(l) * math.Max(0, math.Max(t.lo[r]-j.values[r], j.values[r]-t.hi[r]))
		}
	}
	return v
}

// localGap is how far the optimality conditions are from holding at y, in units of the cost: what the multipliers charge for slack, and what
// the gradient of the Lagrangian promises for moving a variable by its size, and at least by one, within its bounds. It is infinite for
// a point that is not feasible or multipliers of the wrong sign.
func (t *task) localGap(y, lambda []float64) float64 {
	if w := t.violation(y); !(w.scaled <= answerViolation) {
		return math.Inf(1)
	}
	gap := 0.0
	j := t.at(y)
	for r, l := range lambda {
		if l == 0 {
			continue
		}
		side := t.side(r, l)
		if math.IsInf(side, 0) {
			return math.Inf(1)
		}
		gap += math.Abs(l * (j.values[r] - side))
	}
	d, _ := t.lagrangianGradient(y, lambda)
	for j, v := range d {
		reach := math.Max(1, math.Abs(y[j]))
		if v > 0 {
			reach = math.Min(reach, math.Max(0, y[j]-t.vlo[j]))
		} else {
			reach = math.Min(reach, math.Max(0, t.vhi[j]-y[j]))
		}
		gap += math.Abs(v) * reach
	}
	if math.IsNaN(gap) {
		return math.Inf(1)
	}
	return gap
}

// newton makes steps from y and lambda, in place; it reports whether there is a pair to measure at the end.
func (t *task) newton(y, lambda []float64, distance float64) bool {
	var rows []int
	var sides []float64
	values := t.at(y).values
	for r := range lambda {
		switch v := values[r]; {
		case near(v, t.lo[r], distance) || v < t.lo[r]:
			rows, sides = append(rows, r), append(sides, t.lo[r])
		case near(v, t.hi[r], distance) || v > t.hi[r]:
			rows, sides = append(rows, r), append(sides, t.hi[r])
		default:
			lambda[r] = 0
		}
	}
	var free []int
	for j, v := range y {
		switch {
		case near(v, t.vlo[j], distance) || v < t.vlo[j]:
			y[j] = t.vlo[j]
		case near(v, t.vhi[j], distance) || v > t.vhi[j]:
			y[j] = t.vhi[j]
		default:
			free = append(free, j)
		}
	}
	n := len(free) + len(rows)
	switch {
	case n > refineLimit:
		return false
	case n == 0:
		return true
	}
	before, rate := math.Inf(1), 0.0
	last := make([]float64, len(y))
	steps := 40
	if len(free)+len(rows) > fewGuesses {
		steps = 15
	}
	for range steps {
		copy(last, y)
		change := t.newtonStep(y, lambda, rows, sides, free)
		if !(change < 1e6) {
			return false
		}
		if change <= 1e-15 || change <= 1e-10 && change >= before/2 { // rounding errors are all that is left
			break
		}
		// Where the Hessian vanishes at the answer the steps shrink at a steady rate: they are summed up.
		now := change / before
		if math.Abs(now-rate) < 0.02 && now > 0.3 && now < 0.95 {
			for _, j := range free {
				y[j] += (y[j] - last[j]) * now / (1 - now)
			}
			now = 0
		}
		before, rate = change, now
	}
	for j := range y {
		y[j] = math.Min(math.Max(y[j], t.vlo[j]), t.vhi[j])
	}
	return true
}

// newtonStep makes one step and returns the largest relative change, NaN where the system has no solution.
func (t *task) newtonStep(y, lambda []float64, rows []int, sides []float64, free []int) float64 {
	nf, n := len(free), len(free)+len(rows)
	h := t.hessian(y, lambda, free)
	a := make([]float64, n*n)
	for i := range nf {
		copy(a[i*n:i*n+nf], h[i*nf:i*nf+nf])
	}
	place := make([]int, len(y))
	for j := range place {
		place[j] = -1
	}
	for k, j := range free {
		place[j] = k
	}
	b := make([]float64, n)
	d, _ := t.lagrangianGradient(y, lambda)
	for k, j := range free {
		b[k] = -d[j]
	}
	values := t.at(y).values
	for k, r := range rows {
		idx, val := t.rowAt(r, y)
		for l, j := range idx {
			if i := place[j]; i >= 0 {
				a[i*n+nf+k] -= val[l]
				a[(nf+k)*n+i] += val[l]
			}
		}
		b[nf+k] = sides[k] - values[r]
	}
	largest := 0.0
	for _, v := range a {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest == 0 {
		largest = 1
	}
	if math.IsNaN(largest) || math.IsInf(largest, 0) {
		return math.NaN()
	}
	for k := range n {
		a[k*n+k] += 1e-9 * largest
	}
	perm := factorise(a, n)
	if perm == nil {
		return math.NaN()
	}
	step := substitute(a, n, perm, b)
	change := 0.0
	for k, j := range free {
		y[j] += step[k]
		change = math.Max(change, math.Abs(step[k])/math.Max(1, math.Abs(y[j])))
	}
	for k, r := range rows {
		lambda[r] += step[nf+k]
		change = math.Max(change, math.Abs(step[nf+k])/math.Max(t.size, math.Abs(lambda[r])))
	}
	return change
}

// minimiseLagrangian makes Newton steps on cost - lambda'constraints in the variables that are within their bounds, in place; it reports whether
// they settled.
func (t *task) minimiseLagrangian(y, lambda []float64) bool {
	var free []int
	for j, v := range y {
		if v > t.vlo[j] && v < t.vhi[j] {
			free = append(free, j)
		}
	}
	if len(free) == 0 || len(free) > refineLimit {
		return false
	}
	for range 25 {
		change := t.newtonStep(y, lambda, nil, nil, free)
		for _, j := range free {
			y[j] = math.Min(math.Max(y[j], t.vlo[j]), t.vhi[j])
		}
		switch {
		case !(change < 1e6):
			return false
		case change <= 1e-13:
			return true
		}
	}
	return true
}
