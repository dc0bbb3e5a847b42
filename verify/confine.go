package verify

import "math"

// findRegion takes the constraints on one variable alone into its bounds: the region in which model.Classify found the task convex, and which holds
// every feasible answer.
func (t *task) findRegion() {
	t.rlo, t.rhi = append([]float64(nil), t.vlo...), append([]float64(nil), t.vhi...)
	for r := range t.lo {
		idx, val := t.p.RowAffine(r)
		if !t.p.RowIsAffine(r) || len(idx) != 1 || val[0] == 0 {
			continue
		}
		lo, hi := t.lo[r]/val[0], t.hi[r]/val[0]
		if val[0] < 0 {
			lo, hi = hi, lo
		}
		if j := idx[0]; math.Max(lo, t.rlo[j]) <= math.Min(hi, t.rhi[j]) {
			t.rlo[j], t.rhi[j] = math.Max(lo, t.rlo[j]), math.Min(hi, t.rhi[j])
		}
	}
}

// convexBound is a lower bound on the least cost of a convex nonlinear task from any point and any multipliers. The point is moved into the region
// lo <= z <= hi of findRegion to y, and multipliers of the wrong sign are dropped. Then the Lagrangian L = cost - lambda'(constraints - sides)
// is convex in the region and at most the cost of every feasible answer z, so
//
//	cost(z) >= L(z) >= L(y) + ∇L(y)'(z - y) >= L(y) + Σ_j min( d_j (lo_j - y_j), d_j (hi_j - y_j) ),   d = ∇L(y).
//
// Where a component of d that is no more than a rounding error meets a bound that is infinite or far away, the sum says nothing; then the
// bound is that of confinedBound.
func (t *task) convexBound(y, lambda []float64) float64 {
	if t.rlo == nil {
		t.findRegion()
	}
	y = append([]float64(nil), y...)
	for j, v := range y {
		y[j] = math.Min(math.Max(v, t.rlo[j]), t.rhi[j])
	}
	for r, l := range lambda {
		if l != 0 && math.IsInf(t.side(r, l), 0) || math.IsNaN(l) {
			lambda[r] = 0
		}
	}
	bound := t.lagrangian(y, lambda)
	d, _ := t.lagrangianGradient(y, lambda)
	unit := math.Max(t.terms, math.Abs(bound))
	var loose []int
	for j, v := range d {
		charge := t.charge(j, v, y[j])
		bound += charge
		if !(charge >= -exactGap*unit) {
			loose = append(loose, j)
		}
	}
	if math.IsNaN(bound) {
		return math.Inf(-1)
	}
	if len(loose) == 0 || t.kinks {
		return bound
	}
	return math.Max(bound, t.confinedBound(y, lambda, loose))
}

// charge is the least of v (z - y) over the region's range of variable j.
func (t *task) charge(j int, v, y float64) float64 {
	switch {
	case v > 0:
		return v * (t.rlo[j] - y)
	case v < 0:
		return v * (t.rhi[j] - y)
	case math.IsNaN(v):
		return v
	}
	return 0
}

// confinedBound is the bound for variables K ("loose") over which the tangent at y bounds nothing. It takes 2|K| more tangents of the convex
// Lagrangian L, at the points
//
//	p = y ± γ_k H⁻¹ e_k,   k in K,   H = the Hessian of L at y for K,
//
// whose gradients g are nearly ±γ_k e_k on K. If each is dominated by its entry k, ±g_k >= Σ_{i in K, i≠k} |g_i|, then for every z, with k the
// entry of K in which z - y is largest and the sign that it has there, Σ_K g_i (z_i - y_i) >= 0, and so
//
//	L(z) >= L(p) + g'(z - p) >= L(p) - Σ_K g_i (p_i - y_i) + Σ_{i not in K} min( g_i (lo_i - y_i), g_i (hi_i - y_i) ).
//
// The least of these 2|K| numbers bounds L everywhere, by finitely many numbers and no limit on the variables. It is -Inf where H is singular
// or a point lies outside of the bounds, where L need not be convex.
func (t *task) confinedBound(y, lambda []float64, loose []int) float64 {
	n := len(loose)
	if n > refineLimit {
		return math.Inf(-1)
	}
	h := t.hessian(y, lambda, loose)
	if !cholesky(h, n, 1e-13) {
		return math.Inf(-1)
	}
	best := math.Inf(-1)
	unit := math.Max(t.terms, math.Abs(t.lagrangian(y, lambda)))
	_, size := t.lagrangianGradient(y, lambda)
	// The gradients are to be large beside rounding errors, the steps small.
	for _, step := range [...]float64{1e-8, 1e-10, 1e-6, 1e-4} {
		low := math.Inf(1)
		for k, j := range loose {
			u := make([]float64, n)
			u[k] = 1
			choleskySolve(h, n, u)
			gamma := step * math.Max(size[j], t.size)
			for _, sign := range [...]float64{1, -1} {
				low = math.Min(low, t.confine(y, lambda, loose, u, k, sign*gamma))
			}
			if math.IsInf(low, -1) {
				break
			}
		}
		best = math.Max(best, low)
		if best >= t.costAt(y)-sharpGap*unit {
			break
		}
	}
	return best
}

// confine is the bound of one tangent, at y + gamma u on the loose variables, entry k.
func (t *task) confine(y, lambda []float64, loose []int, u []float64, k int, gamma float64) float64 {
	p := append([]float64(nil), y...)
	in := make([]bool, len(y))
	for i, j := range loose {
		in[j] = true
		p[j] += gamma * u[i]
		if p[j] < t.rlo[j] || p[j] > t.rhi[j] {
			return math.Inf(-1)
		}
	}
	bound := t.lagrangian(p, lambda)
	g, _ := t.lagrangianGradient(p, lambda)
	others := 0.0
	for i, j := range loose {
		bound -= g[j] * (p[j] - y[j])
		if i != k {
			others += math.Abs(g[j])
		}
	}
	if !(math.Copysign(1, gamma)*g[loose[k]] > 1.001*others) {
		return math.Inf(-1)
	}
	for j, v := range g {
		if !in[j] {
			bound += t.charge(j, v, y[j])
		}
	}
	if math.IsNaN(bound) {
		return math.Inf(-1)
	}
	return bound
}
