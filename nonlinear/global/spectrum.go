package global

import "math"

// symmetric is a symmetric matrix of small order, row by row.
type symmetric struct {
	n int
	a []float64
}

func (m *symmetric) reset(n int) {
	m.n = n
	if cap(m.a) < n*n {
		m.a = make([]float64, n*n)
	}
	m.a = m.a[:n*n]
	clear(m.a)
}

func (m *symmetric) add(i, j int, v float64) {
	m.a[i*m.n+j] += v
	if i != j {
		m.a[j*m.n+i] += v
	}
}

// curvature returns a number mu with z'Mz >= mu z'z for all z, proven whatever the rounding: an estimate of the least eigenvalue is lowered until a
// Cholesky factorisation of M - mu I succeeds by a margin that covers its own rounding errors. It is -Inf where none is found.
//
// Source: Rump, Verification of positive definiteness, BIT 46 (2006).
func (m *symmetric) curvature(work []float64) float64 {
	n := m.n
	size := 0.0
	for _, v := range m.a {
		size = math.Max(size, math.Abs(v))
	}
	if n == 0 || size == 0 {
		return 0
	}
	if math.IsInf(size, 0) || math.IsNaN(size) {
		return math.Inf(-1)
	}
	margin := 8 * float64(n+2) * float64(n) * epsilon * size
	guess := m.leastEigenvalue(work)
	for step := 2 * margin; step < 0.1*size; step *= 16 {
		if mu := guess - step; m.definite(mu+margin, work) {
			return mu
		}
	}
	return math.Inf(-1)
}

// definite reports whether a Cholesky factorisation of M - mu I succeeds in floating point arithmetic.
func (m *symmetric) definite(mu float64, work []float64) bool {
	n := m.n
	l := work[:n*n]
	copy(l, m.a)
	for i := range n {
		l[i*n+i] -= mu
	}
	for j := range n {
		d := l[j*n+j]
		for k := range j {
			d -= l[j*n+k] * l[j*n+k]
		}
		if !(d > 0) {
			return false
		}
		d = math.Sqrt(d)
		l[j*n+j] = d
		for i := j + 1; i < n; i++ {
			v := l[i*n+j]
			for k := range j {
				v -= l[i*n+k] * l[j*n+k]
			}
			l[i*n+j] = v / d
		}
	}
	return true
}

// leastEigenvalue estimates the least eigenvalue by cyclic Jacobi rotations.
func (m *symmetric) leastEigenvalue(work []float64) float64 {
	n := m.n
	a := work[:n*n]
	copy(a, m.a)
	for range 12 {
		off, diag := 0.0, 0.0
		for i := range n {
			diag = math.Max(diag, math.Abs(a[i*n+i]))
			for j := range i {
				off = math.Max(off, math.Abs(a[i*n+j]))
			}
		}
		if off <= 1e-15*diag || off == 0 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(a, n, p, q)
			}
		}
	}
	least := a[0]
	for i := range n {
		least = math.Min(least, a[i*n+i])
	}
	return least
}

// rotate makes entry (p, q) zero.
func rotate(a []float64, n, p, q int) {
	h := a[p*n+q]
	if h == 0 {
		return
	}
	theta := (a[q*n+q] - a[p*n+p]) / (2 * h)
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for k := range n {
		x, y := a[k*n+p], a[k*n+q]
		a[k*n+p], a[k*n+q] = c*x-s*y, s*x+c*y
	}
	for k := range n {
		x, y := a[p*n+k], a[q*n+k]
		a[p*n+k], a[q*n+k] = c*x-s*y, s*x+c*y
	}
}
