package reformtest

import "math"

// solveQuadratic solves  min c z + Σ Coef z_I z_J  over the polyhedron of lp, for a convex quadratic part, by Lemke's complementary
// pivoting on the optimality conditions in standard form; without a quadratic part by the simplex method.
func solveQuadratic(lp *LP, quad []Term) (Answer, float64, []float64) {
	if len(quad) == 0 {
		return lp.Solve()
	}
	feasibility := *lp
	feasibility.C = make([]float64, len(lp.C))
	if a, _, _ := feasibility.Solve(); a == Infeasible {
		return Infeasible, 0, nil
	}
	s, _ := lp.standardise()
	h := s.hessian(quad)
	n, m := len(s.c), len(s.a)
	// The multipliers of the equations are free: each equation is two inequalities a p >= b and -a p >= -b.
	size := n + 2*m
	matrix, q := make([][]float64, size), make([]float64, size)
	for i := range matrix {
		matrix[i] = make([]float64, size)
	}
	c := s.gradientAtShift(quad)
	for i := 0; i < n; i++ {
		copy(matrix[i], h[i])
		q[i] = s.c[i] + c[i]
		for r := 0; r < m; r++ {
			a := s.a[r][i]
			matrix[i][n+2*r], matrix[i][n+2*r+1] = -a, a
			matrix[n+2*r][i], matrix[n+2*r+1][i] = a, -a
		}
	}
	for r := 0; r < m; r++ {
		q[n+2*r], q[n+2*r+1] = -s.b[r], s.b[r]
	}
	x, ok := lemke(matrix, q)
	if !ok {
		return Unbounded, 0, nil
	}
	z := s.original(x[:n])
	v := 0.0
	for j, c := range lp.C {
		v += c * z[j]
	}
	for _, t := range quad {
		v += t.Coef * z[t.I] * z[t.J]
	}
	return Optimal, v, z
}

// convex reports whether Σ Coef z_I z_J over n variables is positive semidefinite, by symmetric elimination.
func convex(quad []Term, n int) bool {
	h := make([][]float64, n)
	for i := range h {
		h[i] = make([]float64, n)
	}
	for _, t := range quad {
		h[t.I][t.J] += t.Coef
		h[t.J][t.I] += t.Coef
	}
	for k := range h {
		d := h[k][k]
		if d < -epsilon {
			return false
		}
		for i := k + 1; i < n; i++ {
			if d <= epsilon {
				if math.Abs(h[i][k]) > epsilon {
					return false
				}
				continue
			}
			f := h[i][k] / d
			for j := k; j < n; j++ {
				h[i][j] -= f * h[k][j]
			}
		}
	}
	return true
}

// images are the columns of the standard form that make up variable j, with their signs.
func (s *standard) images(j int) (cols []int, signs []float64) {
	if s.plus[j] >= 0 {
		cols, signs = append(cols, s.plus[j]), append(signs, s.sign[j])
	}
	if s.minus[j] >= 0 {
		cols, signs = append(cols, s.minus[j]), append(signs, -1)
	}
	return cols, signs
}

// hessian is the matrix H of 1/2 p H p.
func (s *standard) hessian(quad []Term) [][]float64 {
	h := make([][]float64, len(s.c))
	for i := range h {
		h[i] = make([]float64, len(s.c))
	}
	for _, t := range quad {
		ci, si := s.images(t.I)
		cj, sj := s.images(t.J)
		for a, i := range ci {
			for b, j := range cj {
				v := t.Coef * si[a] * sj[b]
				h[i][j] += v
				h[j][i] += v
			}
		}
	}
	return h
}

// gradientAtShift is the linear part that the quadratic one gets from the shift of the variables.
func (s *standard) gradientAtShift(quad []Term) []float64 {
	c := make([]float64, len(s.c))
	for _, t := range quad {
		ci, si := s.images(t.I)
		for a, i := range ci {
			c[i] += t.Coef * si[a] * s.shift[t.J]
		}
		cj, sj := s.images(t.J)
		for b, j := range cj {
			c[j] += t.Coef * sj[b] * s.shift[t.I]
		}
	}
	return c
}

// lemke finds w - M x = q, w, x >= 0, w x = 0 for a positive semidefinite M; false where there is none. Ties are broken
// lexicographically, so that degenerate problems end.
func lemke(matrix [][]float64, q []float64) ([]float64, bool) {
	n := len(q)
	// Columns: w (0..n-1), x (n..2n-1), artificial 2n, right-hand side 2n+1.
	t := make([][]float64, n)
	basis := make([]int, n)
	start := -1
	for i := range t {
		t[i] = make([]float64, 2*n+2)
		t[i][i] = 1
		for j, v := range matrix[i] {
			t[i][n+j] = -v
		}
		t[i][2*n], t[i][2*n+1] = -1, q[i]
		basis[i] = i
		if q[i] < 0 && (start < 0 || q[i] < q[start]) {
			start = i
		}
	}
	if start < 0 {
		return make([]float64, n), true
	}
	tab := &tableau{rows: t, basis: basis, cost: make([]float64, 2*n+2), n: 2*n + 1}
	leaving := basis[start]
	tab.pivot(start, 2*n)
	for step := 0; step < 2000; step++ {
		entering := leaving + n
		if leaving >= n {
			entering = leaving - n
		}
		row := lexicographic(tab, entering, n)
		if row < 0 {
			return nil, false
		}
		leaving = tab.basis[row]
		tab.pivot(row, entering)
		if leaving == 2*n {
			x := make([]float64, n)
			for i, b := range tab.basis {
				if b >= n && b < 2*n {
					x[b-n] = tab.rows[i][2*n+1]
				}
			}
			return x, true
		}
	}
	panic("reformtest: Lemke's method does not end")
}

// lexicographic chooses the row of the smallest ratio; ties by the smallest row of the inverse, the artificial variable first.
func lexicographic(t *tableau, col, n int) int {
	last := len(t.cost) - 1
	var ties []int
	best := math.Inf(1)
	for i, r := range t.rows {
		if r[col] <= epsilon {
			continue
		}
		switch q := r[last] / r[col]; {
		case q < best-epsilon:
			best, ties = q, append(ties[:0], i)
		case q <= best+epsilon:
			ties = append(ties, i)
		}
	}
	if len(ties) == 0 {
		return -1
	}
	for _, i := range ties {
		if t.basis[i] == 2*n {
			return i
		}
	}
	for j := 0; j < n && len(ties) > 1; j++ {
		least := math.Inf(1)
		var keep []int
		for _, i := range ties {
			switch v := t.rows[i][j] / t.rows[i][col]; {
			case v < least-epsilon:
				least, keep = v, append(keep[:0], i)
			case v <= least+epsilon:
				keep = append(keep, i)
			}
		}
		ties = keep
	}
	return ties[0]
}
