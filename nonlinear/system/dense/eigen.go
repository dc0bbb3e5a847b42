package dense

import (
	"math"
	"slices"
)

// Eigen stores the eigenvalues of the symmetric matrix a, ascending, and returns them with orthonormal eigenvectors, one a row. Only the
// lower triangle of a is read, and a stays as it is. It reports false where an entry is not a number or the iteration did not settle.
// Method: Householder reduction to tridiagonal form, then QL steps with implicit shifts (Golub and Van Loan, 8.3).
func Eigen(a *Matrix) (values []float64, vectors *Matrix, ok bool) {
	n := a.Rows
	s := New(n, n)
	for i := range n {
		for j := range i + 1 {
			v := a.At(i, j)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, nil, false
			}
			s.Set(i, j, v)
			s.Set(j, i, v)
		}
	}
	d, e, q := tridiagonal(s)
	if !implicitQL(d, e, q) {
		return nil, nil, false
	}
	order := make([]int, n)
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case d[x] < d[y]:
			return -1
		case d[x] > d[y]:
			return 1
		}
		return 0
	})
	values, vectors = make([]float64, n), New(n, n)
	for k, o := range order {
		values[k] = d[o]
		copy(vectors.Row(k), q.Row(o))
	}
	return values, vectors, true
}

// tridiagonal reduces the symmetric matrix s, which it destroys: s = q' t q with t tridiagonal with diagonal d and e_k between k and k+1.
// The rows of q are the basis.
func tridiagonal(s *Matrix) (d, e []float64, q *Matrix) {
	n := s.Rows
	d, e, q = make([]float64, n), make([]float64, n), New(n, n)
	for i := range n {
		q.Set(i, i, 1)
	}
	v, p := make([]float64, n), make([]float64, n)
	for k := 0; k+2 < n; k++ {
		// The reflection I - tau v v' takes column k below the diagonal to a multiple of the first unit vector.
		clear(v[:k+1])
		for i := k + 1; i < n; i++ {
			v[i] = s.At(i, k)
		}
		norm := Norm(v[k+1:])
		if norm == 0 {
			continue
		}
		v[k+1] += math.Copysign(norm, v[k+1])
		tau := 2 / Dot(v[k+1:], v[k+1:])
		// s <- (I - tau v v') s (I - tau v v'), a rank-two change with p = tau s v - (tau²/2)(v's v) v.
		for i := range n {
			p[i] = tau * Dot(s.Row(i)[k+1:], v[k+1:])
		}
		f := tau / 2 * Dot(p[k+1:], v[k+1:])
		for i := range n {
			p[i] -= f * v[i]
		}
		for i := range n {
			row := s.Row(i)
			for j := range row {
				row[j] -= v[i]*p[j] + p[i]*v[j]
			}
		}
		clear(p)
		for i := k + 1; i < n; i++ {
			for j, w := range q.Row(i) {
				p[j] += v[i] * w
			}
		}
		for i := k + 1; i < n; i++ {
			row := q.Row(i)
			for j := range row {
				row[j] -= tau * v[i] * p[j]
			}
		}
	}
	for i := range n {
		d[i] = s.At(i, i)
		if i+1 < n {
			e[i] = s.At(i+1, i)
		}
	}
	return d, e, q
}

// implicitQL makes d the eigenvalues of the tridiagonal matrix (d, e) and turns the rows of q with it.
func implicitQL(d, e []float64, q *Matrix) bool {
	n := len(d)
	const sweeps = 60 // a value a good deal above the two or three that it takes
	for l := range n {
		for turn := 0; ; turn++ {
			m := l
			for ; m+1 < n; m++ {
				if size := math.Abs(d[m]) + math.Abs(d[m+1]); math.Abs(e[m])+size == size {
					break
				}
			}
			if m == l {
				break
			}
			if turn == sweeps {
				return false
			}
			// Wilkinson's shift from the leading two by two block, then rotations from the bottom up.
			g := (d[l+1] - d[l]) / (2 * e[l])
			g = d[m] - d[l] + e[l]/(g+math.Copysign(math.Hypot(g, 1), g))
			s, c, p := 1.0, 1.0, 0.0
			i := m - 1
			for ; i >= l; i-- {
				f, b := s*e[i], c*e[i]
				r := math.Hypot(f, g)
				e[i+1] = r
				if r == 0 {
					d[i+1] -= p
					e[m] = 0
					break
				}
				s, c = f/r, g/r
				g = d[i+1] - p
				r = (d[i]-g)*s + 2*c*b
				p = s * r
				d[i+1] = g + p
				g = c*r - b
				lo, hi := q.Row(i), q.Row(i+1)
				for k := range lo {
					x, y := lo[k], hi[k]
					hi[k] = s*x + c*y
					lo[k] = c*x - s*y
				}
			}
			if i >= l {
				continue
			}
			d[l] -= p
			e[l] = g
			e[m] = 0
		}
	}
	return true
}
