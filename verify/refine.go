package verify

import (
	"math"
	"slices"
)

// refineLimit is the largest number of unknowns for which the optimality conditions are solved as a dense system.
const refineLimit = 300

// nearlyActive are the distances from its side, relative to the size of the value, within which a constraint or bound is tried as active.
// Where a constraint and its multiplier are both zero an interior point method leaves the point as far away as the root of its tolerance.
var nearlyActive = [...]float64{1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3}

// refine sharpens the answer of a convex quadratic problem, which solvers give to seven digits or so. On the constraints and bounds that
// are reached the optimality conditions are a linear system,
//
//	H dy - A' dlambda = -(gradient - A' lambda),    A dy = side - A y,
//
// solved here by proximal steps (ρ on the diagonal), which need no full rank. Several guesses of what is reached are tried. The one is kept
// that is feasible and whose proven bound is nearest to its cost, or else the answer as it was.
func (t *task) refine() {
	y, lambda := t.y, t.lambda
	bestY, bestLambda, best := y, lambda, t.quality()
	best += 4 * epsilon * math.Max(t.terms, math.Abs(t.costAt(y))) // of two answers that differ by rounding errors, the refined one
	for k := 0; k < 2*len(nearlyActive); k++ {
		distance := nearlyActive[k/2]
		t.y, t.lambda = slices.Clone(y), slices.Clone(lambda)
		if k%2 == 1 { // multipliers that are not unique may cancel each other: try the smallest
			clear(t.lambda)
		}
		rows, sides := t.activeRows(distance)
		free := t.snap(distance)
		if len(rows)+len(free) > refineLimit || !t.proximalSteps(rows, sides, free) {
			continue
		}
		if q := t.quality(); q < best {
			bestY, bestLambda, best = t.y, t.lambda, q
		}
	}
	t.y, t.lambda = bestY, bestLambda
}

// quality is the distance of the cost from its proven bound, infinite for an answer that is not feasible.
func (t *task) quality() float64 {
	if w := t.violation(t.y); !(w.scaled <= 1e-9) {
		return math.Inf(1)
	}
	saved := slices.Clone(t.lambda)
	for r, l := range t.lambda {
		if l > 0 && math.IsInf(t.lo[r], -1) || l < 0 && math.IsInf(t.hi[r], 1) {
			t.lambda[r] = 0
		}
	}
	low, _ := t.tangentBound(t.y, t.y)
	t.lambda = saved
	return t.costAt(t.y) - low
}

// activeRows lists the equations and the constraints that are reached, with their sides, and drops the multipliers of the others.
func (t *task) activeRows(distance float64) (rows []int, sides []float64) {
	for r := range t.lambda {
		v := t.p.RowValue(r, t.y)
		switch lo, hi := t.lo[r], t.hi[r]; {
		case near(v, lo, distance):
			rows, sides = append(rows, r), append(sides, lo)
		case near(v, hi, distance):
			rows, sides = append(rows, r), append(sides, hi)
		default:
			t.lambda[r] = 0
		}
	}
	return rows, sides
}

func near(v, side, distance float64) bool {
	return !math.IsInf(side, 0) && math.Abs(v-side) <= distance*math.Max(1, math.Abs(side))
}

// snap puts the variables that reach a bound on it and returns the others.
func (t *task) snap(distance float64) (free []int) {
	for j, v := range t.y {
		switch {
		case near(v, t.vlo[j], distance):
			t.y[j] = t.vlo[j]
		case near(v, t.vhi[j], distance):
			t.y[j] = t.vhi[j]
		default:
			free = append(free, j)
		}
	}
	return free
}

// proximalSteps solves the linear system for the free variables and the multipliers of the rows.
func (t *task) proximalSteps(rows []int, sides []float64, free []int) bool {
	nf, n := len(free), len(free)+len(rows)
	if n == 0 {
		return true
	}
	place := make(map[int32]int, nf)
	for k, j := range free {
		place[int32(j)] = k
	}
	a := make([]float64, n*n)
	for _, q := range t.cost.Quad {
		i, oki := place[q.I]
		j, okj := place[q.J]
		if oki && okj {
			a[i*n+j] += q.Coef
			a[j*n+i] += q.Coef
		}
	}
	largest := 0.0
	for k, r := range rows {
		idx, val := t.p.RowAffine(r)
		for l, j := range idx {
			if i, ok := place[j]; ok {
				a[i*n+nf+k] -= val[l]
				a[(nf+k)*n+i] += val[l]
			}
		}
	}
	for _, v := range a {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest == 0 {
		largest = 1
	}
	for k := 0; k < n; k++ {
		a[k*n+k] += 1e-7 * largest
	}
	perm := factorise(a, n)
	if perm == nil {
		return false
	}
	b := make([]float64, n)
	for step := 0; step < 40; step++ {
		g, _ := t.gradient(t.y)
		for r, l := range t.lambda {
			if l == 0 {
				continue
			}
			idx, val := t.p.RowAffine(r)
			for k, j := range idx {
				g[j] -= l * val[k]
			}
		}
		for k, j := range free {
			b[k] = -g[j]
		}
		for k, r := range rows {
			b[nf+k] = sides[k] - t.p.RowValue(r, t.y)
		}
		d := substitute(a, n, perm, b)
		change := 0.0
		for k, j := range free {
			t.y[j] += d[k]
			change = math.Max(change, math.Abs(d[k])/math.Max(1, math.Abs(t.y[j])))
		}
		for k, r := range rows {
			t.lambda[r] += d[nf+k]
			change = math.Max(change, math.Abs(d[nf+k])/math.Max(t.size, math.Abs(t.lambda[r])))
		}
		if math.IsNaN(change) {
			return false
		}
		if change <= 1e-15 {
			break
		}
	}
	for j := range t.y {
		t.y[j] = math.Min(math.Max(t.y[j], t.vlo[j]), t.vhi[j])
	}
	return true
}
