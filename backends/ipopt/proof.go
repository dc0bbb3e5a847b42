package ipopt

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// lowerBound is the bound on the objective of a convex program that an answer's multipliers prove, -Inf where they prove none. With the
// multipliers λ of rows, those of the wrong sign for an infinite side set to 0, and g = ∇f + ∇c'λ at x, convexity gives for every
// feasible x'
//
//	f(x') >= f(x) + Σ_r λ_r (c_r(x) - side_r) + Σ_j min{ g_j (t - x_j) : l_j <= t <= u_j }
//
// where side_r is U_r for λ_r > 0 and L_r for λ_r < 0. A g_j that points to an infinite bound and is within rounding of 0 counts with
// |g_j| max(1, |x_j|), as a tolerance.
func lowerBound(p smooth.Program, a *smooth.Answer) float64 {
	g := make([]float64, p.NumVars())
	p.Gradient(a.X, g)
	size := make([]float64, len(g))
	for j, v := range g {
		size[j] = math.Abs(v)
	}
	return a.Objective + dualPart(p, a.X, a.Rows, g, size)
}

// leastViolation is what multipliers prove of the violation of a program with convex constraints: at every x' between the bounds some row is
// violated by at least this much. It is the right-hand side of lowerBound for f = 0 and multipliers that add up to 1.
func leastViolation(p smooth.Program, a *smooth.Answer) float64 {
	sum := 0.0
	for _, v := range a.Rows {
		sum += math.Abs(v)
	}
	if !(sum > 0) || math.IsInf(sum, 1) {
		return 0
	}
	weights := make([]float64, len(a.Rows))
	for r, v := range a.Rows {
		weights[r] = v / sum
	}
	return dualPart(p, a.X, weights, make([]float64, p.NumVars()), make([]float64, p.NumVars()))
}

// dualPart adds ∇c'λ to g and returns the two sums of lowerBound. size holds the magnitudes of what was added up in g.
func dualPart(p smooth.Program, x, lambda, g, size []float64) float64 {
	c := make([]float64, p.NumRows())
	p.Rows(x, c)
	lo, hi := p.RowBounds()
	weights := make([]float64, len(lambda))
	total := 0.0
	for r, v := range lambda {
		side := hi[r]
		if v < 0 {
			side = lo[r]
		}
		if v == 0 || math.Abs(side) >= infinite {
			continue
		}
		weights[r] = v
		total += v * (c[r] - side)
	}
	rows, cols := p.JacobianPattern()
	jac := make([]float64, len(rows))
	p.Jacobian(x, jac)
	for k, r := range rows {
		term := weights[r] * jac[k]
		g[cols[k]] += term
		size[cols[k]] = math.Max(size[cols[k]], math.Abs(term))
	}
	lo, hi = p.Bounds()
	for j, v := range g {
		to := lo[j]
		if v < 0 {
			to = hi[j]
		}
		switch {
		case v == 0:
		case math.Abs(to) < infinite:
			total += v * (to - x[j])
		case math.Abs(v) <= 1e-7*math.Max(1, size[j]):
			total -= math.Abs(v) * math.Max(1, math.Abs(x[j]))
		default:
			return math.Inf(-1)
		}
	}
	if math.IsNaN(total) {
		return math.Inf(-1)
	}
	return total
}

// recessionRay returns the direction of a far point where the model is linear or convex quadratic and improves without limit along it, with
// its largest entry 1; else nil. Entries that are small beside the largest one are taken as 0.
func recessionRay(m *model.Model, x []float64) []float64 {
	if class := m.Classify().Leader.Class; class != model.Linear && class != model.ConvexQuadratic {
		return nil
	}
	const tiny = 1e-9
	largest := 0.0
	for _, v := range x {
		largest = math.Max(largest, math.Abs(v))
	}
	if !(largest > 1) || math.IsInf(largest, 1) {
		return nil
	}
	d := make([]float64, len(x))
	for j, v := range x {
		lo, hi := m.VarBounds(j)
		if v /= largest; math.Abs(v) <= tiny || v < 0 && lo > -infinite || v > 0 && hi < infinite {
			v = 0
		}
		d[j] = v
	}
	for r := range m.NumRows() {
		vars, coefs := m.RowAffine(r)
		slope, size := 0.0, 0.0
		for k, j := range vars {
			slope += coefs[k] * d[j]
			size = math.Max(size, math.Abs(coefs[k]*d[j]))
		}
		if lo, hi := m.RowBounds(r); math.Abs(slope) > tiny*size && (slope < 0 && lo > -infinite || slope > 0 && hi < infinite) {
			return nil
		}
	}
	o := m.Leader().Objective()
	curved, size := make([]float64, len(x)), 0.0 // the Hessian times d
	for _, q := range o.F.Quad {
		curved[q.I] += q.Coef * d[q.J]
		curved[q.J] += q.Coef * d[q.I]
		size = math.Max(size, math.Abs(q.Coef))
	}
	for _, v := range curved {
		if math.Abs(v) > tiny*size {
			return nil
		}
	}
	slope, largestCost := 0.0, 0.0
	for k, j := range o.F.Vars {
		slope += o.Sense.Sign() * o.F.Coefs[k] * d[j]
		largestCost = math.Max(largestCost, math.Abs(o.F.Coefs[k]))
	}
	if slope < -1e-7*largestCost {
		return d
	}
	return nil
}
