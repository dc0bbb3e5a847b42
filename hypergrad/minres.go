package hypergrad

import "math"

// minres solves Kz = b for a symmetric K, which may be indefinite, from z = 0 by the minimal residual method of Paige and Saunders (1975), until
// the residual is at most tol or most products were made. It answers the residual.
func minres(apply func(v, out []float64), b, z []float64, tol float64, most int, stop func() bool) float64 {
	n := len(b)
	clear(z)
	v, before, next := append([]float64(nil), b...), make([]float64, n), make([]float64, n)
	d, d1, d2 := make([]float64, n), make([]float64, n), make([]float64, n)
	beta := norm(b)
	residual := beta
	if beta == 0 {
		return 0
	}
	for j := range v {
		v[j] /= beta
	}
	c1, s1, c2, s2 := 1.0, 0.0, 1.0, 0.0 // the last two rotations
	eta := beta
	beta = 0
	for k := 0; k < most && residual > tol && !stop(); k++ {
		apply(v, next)
		add(next, -beta, before)
		alpha := dot(v, next)
		add(next, -alpha, v)
		// The column of the tridiagonal matrix is (beta, alpha, betaNext); the two rotations before act on it first.
		betaNext := norm(next)
		r3 := s2 * beta
		r2 := c2*c1*beta + s1*alpha
		bar := c1*alpha - s1*c2*beta
		r1 := math.Hypot(bar, betaNext)
		if r1 == 0 {
			return residual
		}
		c2, s2 = c1, s1
		c1, s1 = bar/r1, betaNext/r1
		for j := range d {
			d[j] = (v[j] - r3*d2[j] - r2*d1[j]) / r1
		}
		add(z, c1*eta, d)
		d2, d1, d = d1, d, d2
		eta *= -s1
		residual = math.Abs(eta)
		if betaNext == 0 {
			return residual
		}
		before, v = v, before
		for j := range v {
			v[j] = next[j] / betaNext
		}
		beta = betaNext
	}
	return residual
}
