package learning

import "math"

// positive solves the Schur complement's system after raising the diagonal until the matrix is positive definite.
func (m *smoothed) positive(schur, rhs []float64) []float64 {
	dim := m.dim
	top := 1e-8
	for q := range dim {
		top = math.Max(top, math.Abs(schur[q*dim+q]))
	}
	for shift := 0.0; shift <= 1e6*top; shift = math.Max(10*shift, 1e-6*top) {
		a := append([]float64(nil), schur...)
		for q := range dim {
			a[q*dim+q] += shift
		}
		if definite(a, dim) {
			x := append([]float64(nil), rhs...)
			choleskySolve(a, dim, x)
			return x
		}
	}
	return nil
}

// definite is Cholesky's factorisation in place, which ends where the matrix is not positive definite.
func definite(a []float64, n int) bool {
	for j := range n {
		for i := j; i < n; i++ {
			v := a[i*n+j] - dot(a[i*n:i*n+j], a[j*n:j*n+j])
			if i > j {
				a[i*n+j] = v / a[j*n+j]
				continue
			}
			if !(v > 1e-14*(1+math.Abs(a[i*n+i]))) {
				return false
			}
			a[i*n+i] = math.Sqrt(v)
		}
	}
	return true
}

// advance goes along the step, halved until an exact penalty function of the smoothed problem falls, and returns the part that was taken; multipliers
// move with it.
func (m *smoothed) advance(step []float64) float64 {
	n1, dim := m.n+1, m.dim
	// dλ = -J⁻¹ (∂L/∂v + H dv + B dθ).
	largest := 0.0
	m.each(func(f *smoothedFold) {
		f.times(f.dv, f.rest)
		for i := range n1 {
			f.rest[i] = -f.rest[i] - f.lv[i]
			for q, d := range step {
				f.rest[i] -= f.cross[i*dim+q] * d
			}
		}
		choleskySolve(f.jac, n1, f.rest)
	})
	for _, f := range m.folds {
		for i, v := range f.rest {
			largest = math.Max(largest, math.Abs(v+f.lambda[i]))
		}
	}
	penalty := 2*largest + 1e-6
	before := 0.0
	for _, f := range m.folds {
		before += f.value + penalty*sumOfSizes(f.f)
	}
	theta := make([]float64, dim)
	part := 1.0
	for range 20 {
		for q, d := range step {
			theta[q] = math.Min(math.Max(m.theta[q]+part*d, m.lo[q]), m.hi[q])
		}
		if after := m.merit(theta, part, penalty); after < before || part < 1e-5 {
			break
		}
		part /= 2
	}
	if part < 1e-5 && math.IsInf(m.merit(theta, part, penalty), 1) {
		return 0
	}
	copy(m.theta, theta)
	for _, f := range m.folds {
		for i := range n1 {
			f.at[i] += part * f.dv[i]
			f.lambda[i] += part * f.rest[i]
		}
	}
	return part
}

// merit is the penalty function after a part of the step, +Inf where a weight is out of its box.
func (m *smoothed) merit(theta []float64, part, penalty float64) float64 {
	n, c := m.n, math.Exp(theta[0])
	m.each(func(f *smoothedFold) {
		v, r := make([]float64, n+1), make([]float64, n+1)
		for i := range v {
			v[i] = f.at[i] + part*f.dv[i]
		}
		copy(r, v[:n])
		for k := range n {
			if m.dim > 1 {
				b := m.box(theta, k)
				if math.Abs(v[k]) >= b*(1-1e-10) {
					f.trial = math.Inf(1)
					return
				}
				r[k] += m.kappa/(b-v[k]) - m.kappa/(b+v[k])
			}
		}
		for j, a := range f.a {
			s, _, _ := smoothStep(f.fixed[j]-dot(a, v), m.kappa)
			for i, t := range a {
				r[i] -= c * s * t
			}
		}
		f.trial = penalty * sumOfSizes(r)
		for i, x := range f.held.X {
			t := 1 - f.held.Y[i]*(dot(x, v[:n])-v[n])
			f.trial += f.weight * (t + math.Sqrt(t*t+4*m.kappa*m.kappa)) / 2
		}
	})
	sum := 0.0
	for _, f := range m.folds {
		sum += f.trial
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return sum
}

func sumOfSizes(v []float64) float64 {
	s := 0.0
	for _, t := range v {
		s += math.Abs(t)
	}
	return s
}
