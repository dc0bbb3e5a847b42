package model

import "math"

// leastEigenvalue returns the least eigenvalue of a symmetric matrix of order n, stored densely, and a unit eigenvector, by Jacobi's
// rotations. The matrix is overwritten.
func leastEigenvalue(a []float64, n int) (float64, []float64) {
	if n == 0 {
		return 0, nil
	}
	v := make([]float64, n*n)
	for i := 0; i < n; i++ {
		v[i*n+i] = 1
	}
	for range 60 {
		off, all := 0.0, 0.0
		for i := 0; i < n; i++ {
			for j := 0; j < n; j++ {
				s := a[i*n+j] * a[i*n+j]
				all += s
				if i != j {
					off += s
				}
			}
		}
		if !(off > 1e-30*all) {
			break
		}
		for p := 0; p < n; p++ {
			for q := p + 1; q < n; q++ {
				rotate(a, v, n, p, q)
			}
		}
	}
	least := 0
	for i := 1; i < n; i++ {
		if a[i*n+i] < a[least*n+least] {
			least = i
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = v[i*n+least]
	}
	return a[least*n+least], x
}

// rotate makes the entry (p, q) of the symmetric matrix a zero by a rotation, which it also applies to the columns of v.
func rotate(a, v []float64, n, p, q int) {
	apq := a[p*n+q]
	if apq == 0 {
		return
	}
	θ := (a[q*n+q] - a[p*n+p]) / (2 * apq)
	t := 1 / (math.Abs(θ) + math.Hypot(θ, 1))
	if θ < 0 {
		t = -t
	}
	c := 1 / math.Hypot(t, 1)
	s := t * c
	for k := 0; k < n; k++ {
		akp, akq := a[k*n+p], a[k*n+q]
		a[k*n+p], a[k*n+q] = c*akp-s*akq, s*akp+c*akq
	}
	for k := 0; k < n; k++ {
		apk, aqk := a[p*n+k], a[q*n+k]
		a[p*n+k], a[q*n+k] = c*apk-s*aqk, s*apk+c*aqk
	}
	for k := 0; k < n; k++ {
		vkp, vkq := v[k*n+p], v[k*n+q]
		v[k*n+p], v[k*n+q] = c*vkp-s*vkq, s*vkp+c*vkq
	}
}

// orthonormal makes an orthonormal basis of the span of the given vectors, by two passes of Gram and Schmidt; vectors that depend on those
// before them, to a part of 1e-9, are left out. The vectors are overwritten.
func orthonormal(list [][]float64) [][]float64 {
	var out [][]float64
	for _, v := range list {
		size := length(v)
		for range 2 {
			for _, q := range out {
				axpy(v, -inner(q, v), q)
			}
		}
		if s := length(v); s > 1e-9*size && s > 0 {
			for i := range v {
				v[i] /= s
			}
			out = append(out, v)
		}
	}
	return out
}

func inner(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

func length(a []float64) float64 {
	s := 0.0
	for _, v := range a {
		s = math.Hypot(s, v)
	}
	return s
}

// axpy adds c*x to y.
func axpy(y []float64, c float64, x []float64) {
	for i := range y {
		y[i] += c * x[i]
	}
}

// nullSpace are the directions in which a follower can move along its affine equations, with the variables that its bounds fix.
type nullSpace struct {
	index map[int32]int // of the player's variables
	rows  [][]float64   // orthonormal gradients of the equations
}

// nullLimit is the number of own variables up to which equations are taken into account.
const nullLimit = 200

// nullSpaceOf finds the affine equations of the player.
func (g *judge) nullSpaceOf() *nullSpace {
	if g.null != nil {
		return g.null
	}
	m := g.m
	s := &nullSpace{index: map[int32]int{}}
	g.null = s
	var vars []int32
	for j := 0; j < m.NumVars(); j++ {
		if g.owns(j) {
			s.index[int32(j)] = len(vars)
			vars = append(vars, int32(j))
			if len(vars) > nullLimit {
				return s
			}
		}
	}
	var list [][]float64
	for k, j := range vars { // a variable that its bounds fix
		if !g.varies(int(j)) {
			row := make([]float64, len(vars))
			row[k] = 1
			list = append(list, row)
		}
	}
	conditional := m.conditionalRows()
	for r := 0; r < m.NumRows(); r++ {
		if lo, hi := m.RowBounds(r); m.RowOwner(r) != g.player || lo != hi || !m.RowIsAffine(r) || conditional[r] {
			continue
		}
		idx, val := m.RowAffine(r)
		row, some := make([]float64, len(vars)), false
		for k, j := range idx {
			if i, own := s.index[j]; own {
				row[i], some = val[k], true
			}
		}
		if some {
			list = append(list, row)
		}
	}
	s.rows = orthonormal(list)
	return s
}

// convex reports whether sign times a quadratic form in own variables is positive semidefinite along the equations.
func (s *nullSpace) convex(quad []QuadTerm, sign float64) bool {
	n := len(s.index)
	if len(s.rows) == 0 || n > nullLimit {
		return false
	}
	a := make([]float64, n*n)
	scale := 0.0
	for _, q := range quad {
		i, j := s.index[q.I], s.index[q.J]
		a[i*n+j] += sign * q.Coef
		a[j*n+i] += sign * q.Coef
		scale = math.Max(scale, math.Abs(q.Coef))
	}
	projectMatrix(a, n, s.rows)
	least, _ := leastEigenvalue(a, n)
	return least >= -1e-10*scale*float64(n)
}

// projectMatrix replaces a symmetric matrix A of order n by P A P, where P projects on the directions orthogonal to the given orthonormal ones.
func projectMatrix(a []float64, n int, rows [][]float64) {
	for _, q := range rows { // A <- A - A q q', then A <- A - q q' A
		aq := make([]float64, n)
		for i := 0; i < n; i++ {
			aq[i] = inner(a[i*n:i*n+n], q)
		}
		for i := 0; i < n; i++ {
			axpy(a[i*n:i*n+n], -aq[i], q)
		}
		qa := make([]float64, n)
		for i := 0; i < n; i++ {
			axpy(qa, q[i], a[i*n:i*n+n])
		}
		for i := 0; i < n; i++ {
			axpy(a[i*n:i*n+n], -q[i], qa)
		}
	}
}
