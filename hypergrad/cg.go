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
	fall        float64     // where it is below one and not zero, the residual falls by that factor at least
}

// manyProducts is the number of products from which on rounding may part the residual that conjugate gradients carry along from that of their answer.
const manyProducts = 40

// solve improves v, the solution of Hv = b, until ‖Hv - b‖ <= tol or most products were made. It answers the residual reached, the products,
// and false where it met a direction without positive curvature; v is then the iterate before it. A residual that is NaN says that a product was. After many
// products the residual is computed anew and, as long as that halves it, improved from there.
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
	if c.fall > 0 && c.fall < 1 {
		tol = min(tol, c.fall*norm(c.r))
	}
	for before := math.Inf(1); ; before = residual {
		begun := products
		if residual, products, positive = c.sweep(sys, v, tol, most, products); !positive || products-begun < manyProducts {
			return residual, products, positive
		}
		sys.apply(v, c.hp)
		products++
		copy(c.r, b)
		add(c.r, -1, c.hp)
		if residual = norm(c.r); !(residual > tol && residual < 0.5*before) {
			return residual, products, true
		}
	}
}

// sweep goes on from the residual in c.r.
func (c *conjugate) sweep(sys linear, v []float64, tol float64, most, begun int) (residual float64, products int, positive bool) {
	residual, products = norm(c.r), begun
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
		if math.IsNaN(curvature) || math.IsInf(curvature, 1) {
			return math.NaN(), products, true
		}
		if !(curvature > 0) {
			return residual, products, false
		}
		a := rz / curvature
		add(v, a, c.p)
		add(c.r, -a, c.hp)
		residual = norm(c.r)
	}
	return residual, products, true
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
