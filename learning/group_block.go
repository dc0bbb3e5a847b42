package learning

import "math"

// spectrum is a block of the least-squares data by its eigenvalues and, in rows, eigenvectors.
type spectrum struct {
	value  []float64
	vector [][]float64
}

// spectrum of a group by Jacobi's rotations.
func (l *groupLasso) spectrum(q []int) spectrum {
	n := len(q)
	a, v := make([][]float64, n), make([][]float64, n)
	for i, k := range q {
		a[i], v[i] = make([]float64, n), make([]float64, n)
		v[i][i] = 1
		for j, t := range q {
			a[i][j] = l.row(k)[t]
		}
	}
	for range 60 {
		off, on := 0.0, 0.0
		for i := range n {
			on += a[i][i] * a[i][i]
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if off <= 1e-32*on {
			break
		}
		for i := range n {
			for j := range i {
				if a[i][j] == 0 {
					continue
				}
				// The rotation with the tangent t makes a_ij zero.
				r := (a[i][i] - a[j][j]) / (2 * a[i][j])
				t := 1 / (math.Abs(r) + math.Hypot(r, 1))
				if r < 0 {
					t = -t
				}
				c := 1 / math.Hypot(t, 1)
				s := t * c
				for k := range n {
					x, y := a[k][j], a[k][i]
					a[k][j], a[k][i] = c*x-s*y, s*x+c*y
				}
				for k := range n {
					x, y := a[j][k], a[i][k]
					a[j][k], a[i][k] = c*x-s*y, s*x+c*y
				}
				for k := range n {
					x, y := v[j][k], v[i][k]
					v[j][k], v[i][k] = c*x-s*y, s*x+c*y
				}
			}
		}
	}
	out := spectrum{make([]float64, n), v}
	for i := range n {
		out.value[i] = math.Max(a[i][i], 0)
	}
	return out
}

// update solves for one group and returns how far it moved, in the norm of the squares.
func (l *groupLasso) update(i int, q []int) float64 {
	b, n, top := l.block[i], len(q), 0.0
	for _, e := range b.value {
		top = math.Max(top, e)
	}
	if top == 0 {
		return 0 // features that are zero everywhere keep the weight 0
	}
	// In the coordinates of the eigenvectors: the present weights and the gradient at weights of zero.
	old, grad := make([]float64, n), make([]float64, n)
	norm := 0.0
	for k, u := range b.vector {
		for j, t := range u {
			old[k] += t * l.v[q[j]]
			grad[k] += t * l.g[q[j]]
		}
		grad[k] -= b.value[k] * old[k]
		norm = math.Hypot(norm, grad[k])
	}
	next := make([]float64, n)
	if lam := l.lam[i]; norm > lam {
		s := l.length(b.value, grad, lam, norm, top)
		for k, e := range b.value {
			if e > 1e-14*top || lam > 0 {
				next[k] = -grad[k] * s / (e*s + lam)
			}
		}
	}
	moved := 0.0
	for k, u := range b.vector {
		d := next[k] - old[k]
		if d == 0 {
			continue
		}
		moved = math.Hypot(moved, d*math.Sqrt(b.value[k]))
		for j, t := range u {
			if t == 0 {
				continue
			}
			l.v[q[j]] += d * t
			addTimes(l.g, d*t, l.row(q[j]))
		}
	}
	if norm <= l.lam[i] {
		for _, k := range q {
			l.v[k] = 0 // without what rounding left
		}
	}
	return moved
}

// length is the s > 0 with Σ_k (grad_k/(e_k s + Λ))² = 1: the norm of the answer. Newton's method goes for 1/√Σ - 1, which is concave and grows with s, from the left,
// where s = (|grad| - Λ)/max e.
func (l *groupLasso) length(value, grad []float64, lam, norm, top float64) float64 {
	if lam == 0 {
		return 1 // the lengths do not matter: -grad/e
	}
	s := (norm - lam) / top
	for range 100 {
		sum, slope := 0.0, 0.0
		for k, e := range value {
			t := grad[k] / (e*s + lam)
			sum += t * t
			slope += t * t * e / (e*s + lam)
		}
		root := math.Sqrt(sum)
		step := (root - 1) * sum / slope
		if !(step > 1e-16*s) {
			break
		}
		s += step
	}
	return s
}
