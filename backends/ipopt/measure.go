package ipopt

import (
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
)

// measure stores in a what its point and multipliers are worth in p: objective, violation, residual and gap, none of them scaled.
//
//	Residual = max_j |∇f + ∇c'λ - zl + zu|_j
//	Gap      = max(zl_j (x_j - l_j), zu_j (u_j - x_j), λ+_r (U_r - c_r), λ-_r (c_r - L_r)) in absolute values
//
// A multiplier of a side that is infinite counts as a gap of its own size. Variables whose bounds are equal get the multipliers that make
// their part of the residual vanish, which are theirs whatever a solver says.
func measure(p smooth.Program, a *smooth.Answer) {
	n, m := p.NumVars(), p.NumRows()
	rows, cols := p.JacobianPattern()
	buffer := make([]float64, n+m+len(rows))
	g, c, jac := buffer[:n], buffer[n:n+m], buffer[n+m:]
	a.Objective = p.Objective(a.X)
	p.Rows(a.X, c)
	p.Gradient(a.X, g)
	p.Jacobian(a.X, jac)
	for k, r := range rows {
		g[cols[k]] += a.Rows[r] * jac[k]
	}
	lo, hi := p.Bounds()
	a.Residual = 0
	for j := range g {
		if lo[j] == hi[j] {
			a.Lower[j], a.Upper[j] = math.Max(0, g[j]), math.Max(0, -g[j])
			continue
		}
		a.Residual = worse(a.Residual, g[j]-a.Lower[j]+a.Upper[j])
	}
	a.Gap = 0
	gap := func(multiplier, slack float64) {
		if multiplier != 0 && math.IsInf(slack, 0) {
			slack = 1
		}
		if multiplier != 0 {
			a.Gap = worse(a.Gap, multiplier*slack)
		}
	}
	for j, x := range a.X {
		if lo[j] != hi[j] {
			gap(a.Lower[j], x-lo[j])
			gap(a.Upper[j], hi[j]-x)
		}
	}
	lo, hi = p.RowBounds()
	for r, v := range c {
		if lo[r] != hi[r] {
			gap(math.Max(0, a.Rows[r]), hi[r]-v)
			gap(math.Max(0, -a.Rows[r]), v-lo[r])
		}
	}
	a.Violation = smooth.Violation(p, a.X, c)
}

// worse is the larger of a value and the magnitude of another, NaN where the latter is.
func worse(a, b float64) float64 { return math.Max(a, math.Abs(b)) }

// scaled is the residual of the first-order conditions at an answer in the measure that the library holds against its tolerance: residual and
// gap as shares of the mean multiplier where that is above 100.
func scaled(a *smooth.Answer) float64 {
	sum := func(vs ...[]float64) (total float64, count int) {
		for _, v := range vs {
			count += len(v)
			for _, e := range v {
				total += math.Abs(e)
			}
		}
		return total, max(1, count)
	}
	all, n := sum(a.Rows, a.Lower, a.Upper)
	bounds, k := sum(a.Lower, a.Upper)
	return math.Max(a.Violation, math.Max(a.Residual/(math.Max(100, all/float64(n))/100), a.Gap/(math.Max(100, bounds/float64(k))/100)))
}

// outOfSight reports whether an answer's point lies so far out that nothing is known of its residual: the gradient of (x-y)² - x - y is
// computed as 0 where x and y are about 1e17. What rounding may make of the gradient of the Lagrangian is taken to be ε|H||x|.
func outOfSight(p smooth.Program, a *smooth.Answer) bool {
	const far, unknown, epsilon = 1e8, 1e-2, 2.2e-16
	largest, multiplier := 0.0, 1.0
	for _, v := range a.X {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest < far {
		return false
	}
	for _, v := range a.Rows {
		multiplier = math.Max(multiplier, math.Abs(v))
	}
	rows, cols := p.HessianPattern()
	h, rounding := make([]float64, len(rows)), make([]float64, len(a.X))
	p.Hessian(a.X, 1, a.Rows, h)
	for k, i := range rows {
		j := cols[k]
		rounding[i] += epsilon * math.Abs(h[k]*a.X[j])
		if i != j {
			rounding[j] += epsilon * math.Abs(h[k]*a.X[i])
		}
	}
	for _, v := range rounding {
		if v > unknown*multiplier {
			return true
		}
	}
	return false
}
