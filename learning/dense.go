package learning

import "math"

// cholesky factorises the n x n matrix a, of which the lower triangle is read, in place; pivots below tiny times the largest diagonal entry
// are raised to it, which leaves directions without curvature alone.
func cholesky(a []float64, n int) {
	top := 0.0
	for i := range n {
		top = math.Max(top, a[i*n+i])
	}
	least := math.Max(top, 1e-300) * 1e-15
	for j := range n {
		rj := a[j*n : j*n+j+1]
		s := rj[j]
		for _, v := range rj[:j] {
			s -= v * v
		}
		p := math.Sqrt(math.Max(s, least))
		rj[j] = p
		for i := j + 1; i < n; i++ {
			ri := a[i*n : i*n+j+1]
			s := ri[j]
			for k, v := range rj[:j] {
				s -= v * ri[k]
			}
			ri[j] = s / p
		}
	}
}

// choleskySolve overwrites b by the solution of LL'x = b.
func choleskySolve(a []float64, n int, b []float64) {
	for i := range n {
		s := b[i]
		for k, v := range a[i*n : i*n+i] {
			s -= v * b[k]
		}
		b[i] = s / a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		s := b[i]
		for k := i + 1; k < n; k++ {
			s -= a[k*n+i] * b[k]
		}
		b[i] = s / a[i*n+i]
	}
}

// lu is a square matrix factorised with exchanges of rows.
type lu struct {
	n    int
	a    []float64
	swap []int
}

func (f *lu) factor() {
	n, a := f.n, f.a
	f.swap = f.swap[:0]
	for j := range n {
		p := j
		for i := j + 1; i < n; i++ {
			if math.Abs(a[i*n+j]) > math.Abs(a[p*n+j]) {
				p = i
			}
		}
		f.swap = append(f.swap, p)
		if p != j {
			for k := range n {
				a[j*n+k], a[p*n+k] = a[p*n+k], a[j*n+k]
			}
		}
		if a[j*n+j] == 0 {
			a[j*n+j] = 1e-300
		}
		rj := a[j*n+j+1 : j*n+n]
		for i := j + 1; i < n; i++ {
			if a[i*n+j] == 0 {
				continue
			}
			m := a[i*n+j] / a[j*n+j]
			a[i*n+j] = m
			ri := a[i*n+j+1 : i*n+n]
			for k, v := range rj {
				ri[k] -= m * v
			}
		}
	}
}

// solve overwrites b by the solution.
func (f *lu) solve(b []float64) {
	n, a := f.n, f.a
	for j, p := range f.swap {
		b[j], b[p] = b[p], b[j]
	}
	for i := range n {
		s := b[i]
		for k, v := range a[i*n : i*n+i] {
			s -= v * b[k]
		}
		b[i] = s
	}
	for i := n - 1; i >= 0; i-- {
		s := b[i]
		for k := i + 1; k < n; k++ {
			s -= a[i*n+k] * b[k]
		}
		b[i] = s / a[i*n+i]
	}
}

func dot(a, b []float64) float64 {
	s := 0.0
	for k, v := range a {
		s += v * b[k]
	}
	return s
}
