package stationarity

import (
	"context"
	"math"
)

// boundedLeastSquares minimises ‖b - A w‖₂ over w whose entries have the signs given, by an active-set method on a QR factorisation
// that is updated column by column.
//
// Source: Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23, with the updates of Daniel, Gragg, Kaufman and Stewart,
// Mathematics of Computation 30 (1976).
type boundedLeastSquares struct {
	rows, cols int
	a          []float64 // by columns
	b          []float64
	norm       []float64 // of the columns

	w        []float64
	residual []float64 // b - A w
	within   []int     // columns in the factorisation, in its order
	isWithin []bool
	q        [][]float64 // orthonormal, one a column within
	r        [][]float64 // upper triangular: r[k] is its column k, of length k+1
	qb       []float64   // q'b
	z        []float64
	idle     [][]float64 // memory for q
}

func newBoundedLeastSquares(rows, cols int) *boundedLeastSquares {
	return &boundedLeastSquares{rows: rows, cols: cols, a: make([]float64, rows*cols), b: make([]float64, rows), norm: make([]float64, cols),
		w: make([]float64, cols), residual: make([]float64, rows), isWithin: make([]bool, cols)}
}

func (s *boundedLeastSquares) column(j int) []float64 { return s.a[j*s.rows : (j+1)*s.rows] }

// dependence is the share of a column beyond the span of the others below which it counts as dependent.
const dependence = 1e-11

// solve minimises over the columns whose sign is not zero. It returns false where ctx was done first.
func (s *boundedLeastSquares) solve(ctx context.Context, signs []sign) bool {
	s.within, s.r, s.qb = s.within[:0], s.r[:0], s.qb[:0]
	s.idle, s.q = append(s.idle, s.q...), s.q[:0]
	clear(s.w)
	clear(s.isWithin)
	for j := range s.cols {
		s.norm[j] = math.Sqrt(dot(s.column(j), s.column(j)))
	}
	for j := range s.cols {
		if signs[j] == free && s.norm[j] > 0 {
			s.enter(j)
		}
		if j%64 == 63 && ctx.Err() != nil {
			return false
		}
	}
	s.substitute()
	s.take()
	skip := make([]bool, s.cols) // that would leave again at once, until the residual changes
	for step := 0; step < 10*s.cols+100; step++ {
		if step%16 == 15 && ctx.Err() != nil {
			return false
		}
		j := s.steepest(signs, skip)
		if j < 0 {
			return true
		}
		before := dot(s.residual, s.residual)
		if !s.enter(j) {
			skip[j] = true
			continue
		}
		s.retreat(signs)
		if dot(s.residual, s.residual) < before*(1-1e-15) && s.isWithin[j] {
			clear(skip)
		} else {
			skip[j] = true
		}
	}
	return true
}

// steepest is the column outside with the largest rate of descent in its sign, -1 where there is none.
func (s *boundedLeastSquares) steepest(signs []sign, skip []bool) int {
	size := math.Sqrt(dot(s.b, s.b))
	at, best := -1, 1e-13*size
	for j, g := range signs {
		if s.isWithin[j] || skip[j] || g == zero || g == free || s.norm[j] == 0 {
			continue
		}
		v := dot(s.column(j), s.residual) / s.norm[j]
		if g == nonPositive {
			v = -v
		}
		if v > best {
			at, best = j, v
		}
	}
	return at
}

// retreat moves towards the unrestricted minimum over the columns within, and puts those out that lose their sign on the way.
func (s *boundedLeastSquares) retreat(signs []sign) {
	for {
		s.substitute()
		step, out := 1.0, -1
		for k, j := range s.within {
			if signs[j] == free {
				continue
			}
			v, w := s.z[k], s.w[j]
			if signs[j] == nonPositive {
				v, w = -v, -w
			}
			if v <= 0 {
				if t := w / (w - v); w <= 0 || t < step {
					step, out = t, k
					if w <= 0 {
						step = 0
					}
				}
			}
		}
		if out < 0 {
			s.take()
			return
		}
		for k, j := range s.within {
			s.w[j] += step * (s.z[k] - s.w[j])
		}
		s.w[s.within[out]] = 0
		s.leave(out)
	}
}

// take makes the minimum over the columns within the point.
func (s *boundedLeastSquares) take() {
	for k, j := range s.within {
		s.w[j] = s.z[k]
	}
	copy(s.residual, s.b)
	for j, w := range s.w {
		if w != 0 {
			for i, v := range s.column(j) {
				s.residual[i] -= w * v
			}
		}
	}
}

// substitute solves R z = Q'b.
func (s *boundedLeastSquares) substitute() {
	n := len(s.within)
	s.z = append(s.z[:0], s.qb...)
	for k := n - 1; k >= 0; k-- {
		s.z[k] /= s.r[k][k]
		for i := range k {
			s.z[i] -= s.r[k][i] * s.z[k]
		}
	}
}

// enter adds a column to the factorisation, unless it depends on those within.
func (s *boundedLeastSquares) enter(j int) bool {
	if len(s.within) >= s.rows {
		return false
	}
	var v []float64
	if n := len(s.idle); n > 0 {
		v, s.idle = s.idle[n-1], s.idle[:n-1]
	} else {
		v = make([]float64, s.rows)
	}
	copy(v, s.column(j))
	column := make([]float64, len(s.q)+1, len(s.q)+8)
	for range 2 { // the second time for what rounding left
		for k, q := range s.q {
			h := dot(q, v)
			column[k] += h
			for i := range v {
				v[i] -= h * q[i]
			}
		}
	}
	rest := math.Sqrt(dot(v, v))
	if rest <= dependence*s.norm[j] {
		s.idle = append(s.idle, v)
		return false
	}
	for i := range v {
		v[i] /= rest
	}
	column[len(s.q)] = rest
	s.q, s.r, s.qb = append(s.q, v), append(s.r, column), append(s.qb, dot(v, s.b))
	s.within, s.isWithin[j] = append(s.within, j), true
	return true
}

// leave takes the column at a position out of the factorisation.
func (s *boundedLeastSquares) leave(at int) {
	s.isWithin[s.within[at]] = false
	n := len(s.within)
	copy(s.within[at:], s.within[at+1:])
	copy(s.r[at:], s.r[at+1:])
	s.within, s.r = s.within[:n-1], s.r[:n-1]
	// The columns behind have one entry below the diagonal each; rotations of neighbours in Q take it away.
	for k := at; k < n-1; k++ {
		x, y := s.r[k][k], s.r[k][k+1]
		size := math.Hypot(x, y)
		c, t := x/size, y/size
		for m := k; m < n-1; m++ {
			u, v := s.r[m][k], s.r[m][k+1]
			s.r[m][k], s.r[m][k+1] = c*u+t*v, c*v-t*u
		}
		qk, ql := s.q[k], s.q[k+1]
		for i := range qk {
			u, v := qk[i], ql[i]
			qk[i], ql[i] = c*u+t*v, c*v-t*u
		}
		s.qb[k], s.qb[k+1] = c*s.qb[k]+t*s.qb[k+1], c*s.qb[k+1]-t*s.qb[k]
		s.r[k] = s.r[k][:k+1]
	}
	s.idle = append(s.idle, s.q[n-1])
	s.q, s.qb = s.q[:n-1], s.qb[:n-1]
}

// dot sums in four parts, which processors do at the same time.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s, t, u, v float64
	i := 0
	for ; i+3 < len(a); i += 4 {
		s += a[i] * b[i]
		t += a[i+1] * b[i+1]
		u += a[i+2] * b[i+2]
		v += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s += a[i] * b[i]
	}
	return s + t + u + v
}
