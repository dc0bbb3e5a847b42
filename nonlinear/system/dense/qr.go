package dense

import "math"

// QR holds a complete orthogonal factorisation of an m x n matrix: A P = Q R by Householder reflections with column pivoting, where the
// rank r is the number of diagonal entries above a tolerance, and, for r < n, [R11 R12]' = Z T' once more, so that
//
//	x = P Z [T^{-1} (Q'b)_1..r ; 0]
//
// is the shortest of the vectors that minimise ||A x - b||, which is A⁺b. The zero value is ready for Factor.
// Source: Golub and Van Loan, Matrix Computations, 5.4 and 5.5 (LAPACK's xGELSY).
type QR struct {
	f      Matrix // the reflections below the diagonal, R on and above it
	tau    []float64
	order  []int // column k of A P is column order[k] of A
	rank   int
	second *QR // of [R11 R12]', where the rank is below n
	norms  []float64
	work   []float64
}

// Factor factorises a, which stays as it is; diagonal entries of R up to tolerance times the first count as zero.
func (q *QR) Factor(a *Matrix, tolerance float64) {
	q.begin(a)
	m, n := a.Rows, a.Cols
	for k := range n {
		q.norms[k] = 0
	}
	for i := range m {
		for j, v := range q.f.Row(i) {
			q.norms[j] = math.Hypot(q.norms[j], v)
		}
	}
	first := 0.0
	for k := range min(m, n) {
		p := k
		for j := k + 1; j < n; j++ {
			if q.norms[j] > q.norms[p] {
				p = j
			}
		}
		q.swap(k, p)
		q.reflect(k)
		size := math.Abs(q.f.At(k, k))
		if k == 0 {
			first = size
		}
		if !(size > tolerance*first) || size == 0 {
			break
		}
		q.rank++
		q.remaining(k)
	}
	if q.rank < n {
		q.secondFactor()
	} else {
		q.second = nil
	}
}

// begin copies a and resets everything else.
func (q *QR) begin(a *Matrix) {
	m, n := a.Rows, a.Cols
	q.f.Reset(m, n)
	copy(q.f.Data, a.Data)
	q.rank = 0
	q.tau = grow(q.tau, min(m, n))
	clear(q.tau)
	q.norms, q.work = grow(q.norms, n), grow(q.work, max(m, n))
	q.order = q.order[:0]
	for k := range n {
		q.order = append(q.order, k)
	}
}

func grow(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}

func (q *QR) swap(k, p int) {
	if p == k {
		return
	}
	for i := range q.f.Rows {
		r := q.f.Row(i)
		r[k], r[p] = r[p], r[k]
	}
	q.order[k], q.order[p] = q.order[p], q.order[k]
	q.norms[k], q.norms[p] = q.norms[p], q.norms[k]
}

// reflect makes the entries below the diagonal of column k zero by I - tau v v' with v_k = 1, and applies it to the columns after k.
func (q *QR) reflect(k int) {
	m, n := q.f.Rows, q.f.Cols
	col := q.work[:m-k]
	for i := k; i < m; i++ {
		col[i-k] = q.f.At(i, k)
	}
	alpha, norm := col[0], Norm(col)
	if norm == 0 {
		q.tau[k] = 0
		return
	}
	beta := -math.Copysign(norm, alpha)
	q.tau[k] = (beta - alpha) / beta
	for i := k + 1; i < m; i++ {
		q.f.Data[i*n+k] /= alpha - beta
	}
	q.f.Set(k, k, beta)
	sums := q.work[:n-k-1]
	copy(sums, q.f.Row(k)[k+1:])
	for i := k + 1; i < m; i++ {
		row := q.f.Row(i)
		if v := row[k]; v != 0 {
			for j := range sums {
				sums[j] += v * row[k+1+j]
			}
		}
	}
	for i := k; i < m; i++ {
		row, v := q.f.Row(i), 1.0
		if i > k {
			v = row[k]
		}
		if v *= q.tau[k]; v != 0 {
			for j, s := range sums {
				row[k+1+j] -= v * s
			}
		}
	}
}

// remaining brings the lengths of what is left of the columns after k up to date. They are computed anew: the usual downdating loses
// the digits that decide about the rank.
func (q *QR) remaining(k int) {
	for j := k + 1; j < q.f.Cols; j++ {
		q.norms[j] = 0
	}
	for i := k + 1; i < q.f.Rows; i++ {
		row := q.f.Row(i)
		for j := k + 1; j < len(row); j++ {
			q.norms[j] += row[j] * row[j]
		}
	}
	for j := k + 1; j < q.f.Cols; j++ {
		q.norms[j] = math.Sqrt(q.norms[j])
	}
}

// secondFactor factorises the transpose of the first rank rows of R, without pivoting: their rank is full.
func (q *QR) secondFactor() {
	n := q.f.Cols
	if q.second == nil {
		q.second = &QR{}
	}
	t := New(n, q.rank)
	for i := range q.rank {
		row := q.f.Row(i)
		for j := i; j < n; j++ {
			t.Set(j, i, row[j])
		}
	}
	q.second.begin(t)
	for k := range q.rank {
		q.second.reflect(k)
	}
	q.second.rank = q.rank
}

// Rank is the number of columns that count as independent.
func (q *QR) Rank() int { return q.rank }

// apply overwrites b by Q'b, or by Q b where back is set.
func (q *QR) apply(b []float64, back bool) {
	steps := len(q.tau)
	for s := range steps {
		k := s
		if back {
			k = steps - 1 - s
		}
		if q.tau[k] == 0 {
			continue
		}
		sum := b[k]
		for i := k + 1; i < q.f.Rows; i++ {
			sum += q.f.At(i, k) * b[i]
		}
		sum *= q.tau[k]
		b[k] -= sum
		for i := k + 1; i < q.f.Rows; i++ {
			b[i] -= sum * q.f.At(i, k)
		}
	}
}

// Solve stores A⁺b in x: the shortest x with the least ||A x - b||.
func (q *QR) Solve(b, x []float64) {
	m, n, r := q.f.Rows, q.f.Cols, q.rank
	c := make([]float64, max(m, n))
	copy(c, b)
	q.apply(c[:m], false)
	if q.second == nil {
		for i := r - 1; i >= 0; i-- {
			row := q.f.Row(i)
			c[i] = (c[i] - Dot(row[i+1:r], c[i+1:])) / row[i]
		}
	} else {
		// T' of the second factorisation is upper triangular: T z = c is solved forwards.
		t := &q.second.f
		for i := range r {
			for k := range i {
				c[i] -= t.At(k, i) * c[k]
			}
			c[i] /= t.At(i, i)
		}
		clear(c[r:])
		q.second.apply(c[:n], true)
	}
	for k := range n {
		x[q.order[k]] = c[k]
	}
}

// Complement returns the columns of an orthonormal basis of the vectors orthogonal to the columns of the matrix, as rows: m - rank of
// them, each of length m. For the transpose of A they span the null space of A.
func (q *QR) Complement() *Matrix {
	z := New(q.f.Rows-q.rank, q.f.Rows)
	for i := range z.Rows {
		row := z.Row(i)
		row[q.rank+i] = 1
		q.apply(row, true)
	}
	return z
}
