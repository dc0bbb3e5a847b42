package dense

import "math"

// LU holds the factors P a = L U of a square matrix, by Gaussian elimination with partial pivoting. The zero value is ready for Factor,
// and its memory is used again.
type LU struct {
	f     Matrix
	order []int
	ratio float64
}

// Factor factorises the square matrix a, which stays as it is. It reports false where a pivot is zero or not a number; the factors are
// then of no use.
func (l *LU) Factor(a *Matrix) bool {
	n := a.Rows
	l.f.Reset(n, n)
	copy(l.f.Data, a.Data)
	l.order = l.order[:0]
	for k := range n {
		l.order = append(l.order, k)
	}
	least, most := math.Inf(1), 0.0
	for k := range n {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(l.f.At(i, k)) > math.Abs(l.f.At(p, k)) {
				p = i
			}
		}
		size := math.Abs(l.f.At(p, k))
		if !(size > 0) || math.IsInf(size, 1) {
			l.ratio = 0
			return false
		}
		least, most = min(least, size), max(most, size)
		rk := l.f.Row(k)
		if p != k {
			rp := l.f.Row(p)
			for j := range rk {
				rk[j], rp[j] = rp[j], rk[j]
			}
			l.order[p], l.order[k] = l.order[k], l.order[p]
		}
		for i := k + 1; i < n; i++ {
			ri := l.f.Row(i)
			if ri[k] == 0 {
				continue
			}
			f := ri[k] / rk[k]
			ri[k] = f
			for j := k + 1; j < n; j++ {
				ri[j] -= f * rk[j]
			}
		}
	}
	l.ratio = 1
	if n > 0 {
		l.ratio = least / most
	}
	return true
}

// PivotRatio is the smallest pivot by the largest one: a matrix for which it is near the rounding of numbers is numerically singular.
func (l *LU) PivotRatio() float64 { return l.ratio }

// Solve stores the solution of a x = b in x; b and x may be the same slice only where the order of the rows did not change, so they
// should be different.
func (l *LU) Solve(b, x []float64) {
	n := l.f.Rows
	for i := range n {
		row := l.f.Row(i)
		x[i] = b[l.order[i]] - Dot(row[:i], x)
	}
	for i := n - 1; i >= 0; i-- {
		row := l.f.Row(i)
		x[i] = (x[i] - Dot(row[i+1:n], x[i+1:])) / row[i]
	}
}
