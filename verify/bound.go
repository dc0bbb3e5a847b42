package verify

import "math"

// Reduced costs this small beside their terms are rounding errors of the multipliers. Against a finite bound they are charged in full
// beyond roundingFinite; where there is no bound, a larger one leaves the least cost without any bound at all.
const (
	roundingFinite   = 1e-13
	roundingInfinite = 1e-9
)

// confirm evaluates the answer and turns its multipliers into reduced costs and a proven lower bound on the least cost. At any y and for any multipliers lambda,
// a convex cost satisfies, for every feasible z,
//
//	cost(z) >= cost(y) + g'(z - y),   g = cost gradient at y,
//	g'z = lambda'Az + d'z >= Σ_i min(lambda_i lo_i, lambda_i hi_i) + Σ_j min(d_j lo_j, d_j hi_j),   d = g - A' lambda.
//
// A multiplier whose side has no bound is set to zero first. A reduced cost that is a rounding error is charged over the ball of
// ten times the size of the point and the answer only. The tangent is taken at the answer and at the point x being checked, and the
// better bound kept.
func (t *task) confirm(x []float64) {
	for r, l := range t.lambda {
		if l > 0 && math.IsInf(t.lo[r], -1) || l < 0 && math.IsInf(t.hi[r], 1) || math.IsNaN(l) {
			t.lambda[r] = 0
		}
	}
	given := t.fp.Restrict(x)
	var low float64
	low, t.reduced = t.tangentBound(t.y, given)
	if t.class == quadraticProblem {
		if other, _ := t.tangentBound(given, given); other > low {
			low = other
		}
	}
	t.bound, t.phi = low, t.costAt(t.y)
}

// tangentBound is the bound from the tangent at y.
func (t *task) tangentBound(y, given []float64) (bound float64, reduced []float64) {
	d, size := t.gradient(y)
	bound = t.costAt(y)
	for j, g := range d {
		bound -= g * y[j]
	}
	for r, l := range t.lambda {
		if l == 0 {
			continue
		}
		if l > 0 {
			bound += l * t.lo[r]
		} else {
			bound += l * t.hi[r]
		}
		idx, val := t.p.RowAffine(r)
		for k, j := range idx {
			d[j] -= l * val[k]
			size[j] += math.Abs(l * val[k])
		}
	}
	for j, v := range d {
		reach := 10 * math.Max(1, math.Max(math.Abs(t.y[j]), math.Abs(given[j])))
		end := t.vlo[j]
		if v < 0 {
			end = t.vhi[j]
		}
		switch {
		case v == 0:
		case math.IsInf(end, 0):
			if math.Abs(v) > roundingInfinite*size[j] {
				return math.Inf(-1), d
			}
			bound -= math.Abs(v) * reach
		case math.Abs(v) <= roundingFinite*size[j] && math.Abs(end) > reach:
			bound -= math.Abs(v) * reach
		default:
			bound += v * end
		}
	}
	return bound, d
}
