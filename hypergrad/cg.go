package hypergrad

import "math"

// linear is a symmetric system by its products and, where it is not nil, a preconditioner: precondition overwrites r with M⁻¹r.
type linear struct {
	apply        func(v, out []float64)
	precondition func(r []float64)
}

// conjugate is the memory of conjugate gradients.
type conjugate struct {
	r, z, p, hp []float64
	stop        func() bool // where it answers true, a solve ends early; may be nil
}

// solve improves v, the solution of Hv = b, until ‖Hv - b‖ <= tol or most products were made. It answers the residual reached, the products,
// and false where it met a direction without positive curvature; v is then the iterate before it.
func (c *conjugate) solve(sys linear, b, v []float64, tol float64, most int) (residual float64, products int, positive bool) {
	n := len(b)
	c.r, c.z, c.p, c.hp = resize(c.r, n), resize(c.z, n), resize(c.p, n), resize(c.hp, n)
	copy(c.r, b)
	for j := range v {
		if v[j] != 0 {
			sys.apply(v, c.hp)
			add(c.r, -1, c.hp)
			products++
			break
		}
	}
	residual = norm(c.r)
	var rz float64
	for k := 0; residual > tol && products < most && (c.stop == nil || !c.stop()); k++ {
		copy(c.z, c.r)
		if sys.precondition != nil {
			sys.precondition(c.z)
		}
		was := rz
		rz = dot(c.r, c.z)
		if k == 0 {
			copy(c.p, c.z)
		} else {
			beta := rz / was
			for j := range c.p {
				c.p[j] = c.z[j] + beta*c.p[j]
			}
		}
		sys.apply(c.p, c.hp)
		products++
		curvature := dot(c.p, c.hp)
		if !(curvature > 0) || math.IsInf(curvature, 1) {
			return residual, products, false
		}
		a := rz / curvature
		add(v, a, c.p)
		add(c.r, -a, c.hp)
		residual = norm(c.r)
	}
	return residual, products, !math.IsNaN(residual)
}

// neumann stores v = η Σ_{j<J} (I - ηH)^j b, the truncated Neumann series, and answers ‖Hv - b‖ = ‖(I - ηH)^J b‖. J is terms, or less where that norm is at most
// tol before.
func neumann(apply func(v, out []float64), b, v []float64, eta, tol float64, terms int, stop func() bool) float64 {
	r, hr := append([]float64(nil), b...), make([]float64, len(b))
	clear(v)
	residual := norm(r)
	for range terms {
		if residual <= tol || math.IsNaN(residual) || stop() {
			break
		}
		add(v, eta, r)
		apply(r, hr)
		add(r, -eta, hr)
		residual = norm(r)
	}
	return residual
}

// fixedPoint runs v -= η(Hv - b) until the residual is at most tol, at most most times, and answers the last residual.
func fixedPoint(apply func(v, out []float64), b, v []float64, eta, tol float64, most int, stop func() bool) (residual float64) {
	hv := make([]float64, len(b))
	for range most {
		if stop() {
			return residual
		}
		apply(v, hv)
		add(hv, -1, b)
		if residual = norm(hv); residual <= tol || math.IsNaN(residual) {
			return residual
		}
		add(v, -eta, hv)
	}
	return residual
}

// largestEigenvalue improves the unit vector q by power iterations with the products of a positive semidefinite H and answers the Rayleigh
// quotient's upper companion ‖Hq‖.
func largestEigenvalue(apply func(v, out []float64), q []float64, iterations int) float64 {
	hq := make([]float64, len(q))
	var size float64
	for range iterations {
		apply(q, hq)
		was := size
		size = norm(hq)
		if size == 0 || math.IsNaN(size) || math.IsInf(size, 0) {
			return size
		}
		for j := range q {
			q[j] = hq[j] / size
		}
		if math.Abs(size-was) <= 1e-3*size {
			break
		}
	}
	return size
}
