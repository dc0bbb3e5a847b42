package verify

import "math"

// nearestLimit is the largest number of variables, and of constraints and bounds that are reached, for which multipliers are found here.
const nearestLimit = 400

// nearestMultipliers finds multipliers of the constraints that y reaches within distance, those with which the gradient of the Lagrangian
// comes nearest to what the bounds that y reaches allow:
//
//	min |gradient - A' lambda - z|²,   lambda_r >= 0 at lower, <= 0 at upper sides,   z_j likewise.
//
// It needs no solver. rest is the largest component that is left, relative to its terms; lambda is nil where the task is too large
// or has no gradient at y.
func (t *task) nearestMultipliers(y []float64, distance float64) (lambda []float64, rest float64) {
	n := len(y)
	g, size := t.gradient(y)
	for _, v := range g {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, math.Inf(1)
		}
	}
	f := &signedFit{n: n, target: g}
	type source struct {
		row  int
		sign float64
	}
	var sources []source
	for r := range t.lo {
		v := t.p.RowValue(r, y)
		below, above := near(v, t.lo[r], distance) || v < t.lo[r], near(v, t.hi[r], distance) || v > t.hi[r]
		if !below && !above {
			continue
		}
		sign := 1.0
		if !below {
			sign = -1
		}
		idx, val := t.rowAt(r, y)
		f.add(idx, val, sign, below && above)
		sources = append(sources, source{r, sign})
	}
	for j, v := range y {
		below, above := near(v, t.vlo[j], distance) || v < t.vlo[j], near(v, t.vhi[j], distance) || v > t.vhi[j]
		if !below && !above {
			continue
		}
		sign := 1.0
		if !below {
			sign = -1
		}
		f.add([]int32{int32(j)}, []float64{1}, sign, below && above)
	}
	if n > nearestLimit || len(f.free) > nearestLimit {
		return nil, math.Inf(1)
	}
	weights, left := f.solve()
	if weights == nil {
		return nil, math.Inf(1)
	}
	lambda = make([]float64, len(t.lo))
	for k, s := range sources {
		lambda[s.row] = s.sign * weights[k]
		idx, val := t.rowAt(s.row, y)
		for i, j := range idx {
			size[j] += math.Abs(lambda[s.row] * val[i])
		}
	}
	for j, v := range left {
		rest = math.Max(rest, math.Abs(v)/math.Max(size[j], t.size))
	}
	return lambda, rest
}

// signedFit is a least-squares problem min |target - C w|² in which each weight is free or not negative.
type signedFit struct {
	n       int
	target  []float64
	columns [][]float64 // of length one
	norm    []float64   // by which they were divided
	free    []bool
}

func (f *signedFit) add(idx []int32, val []float64, sign float64, free bool) {
	c, norm := make([]float64, f.n), 0.0
	for k, j := range idx {
		c[j] += sign * val[k]
		norm = math.Hypot(norm, val[k])
	}
	if norm > 0 && !math.IsInf(norm, 0) {
		for j := range c {
			c[j] /= norm
		}
	} else {
		norm = 1
	}
	f.columns, f.norm, f.free = append(f.columns, c), append(f.norm, norm), append(f.free, free)
}

// solve returns the weights and target - C w. It exchanges all columns whose sign is wrong while their number falls, and then one at a time.
// Columns that depend on each other are kept apart by a tiny weight on |w|².
//
// Source: Portugal, Júdice, Vicente, A comparison of block pivoting and interior-point algorithms for linear least squares problems with
// nonnegative variables, Math. Comp. 63 (1994).
func (f *signedFit) solve() (w, left []float64) {
	k := len(f.columns)
	gram, b := make([]float64, k*k), make([]float64, k)
	for i, c := range f.columns {
		for j := 0; j <= i; j++ {
			gram[i*k+j] = inner(c, f.columns[j])
			gram[j*k+i] = gram[i*k+j]
		}
		b[i] = inner(c, f.target)
	}
	scale := math.Sqrt(inner(f.target, f.target))
	in := make([]bool, k)
	for i := range in {
		in[i] = f.free[i] || b[i] > 0
	}
	w = make([]float64, k)
	fewest, chances := k+1, 3
	for round := 0; round < 10*k+20; round++ {
		if !f.fit(gram, in, w) {
			return nil, nil
		}
		left = f.residual(w)
		var wrong []int
		for i := range in {
			switch {
			case f.free[i]:
			case in[i] && w[i] < 0, !in[i] && inner(f.columns[i], left) > 1e-12*scale:
				wrong = append(wrong, i)
			}
		}
		if len(wrong) == 0 {
			break
		}
		switch {
		case len(wrong) < fewest:
			fewest, chances = len(wrong), 3
		case chances > 0:
			chances--
		default:
			wrong = wrong[len(wrong)-1:]
		}
		for _, i := range wrong {
			in[i] = !in[i]
		}
	}
	for i := range w {
		if !f.free[i] {
			w[i] = math.Max(0, w[i])
		}
	}
	left = f.residual(w)
	for i := range w {
		w[i] /= f.norm[i]
	}
	return w, left
}

// fit solves for the columns that are in; the others get the weight zero. Two corrections bring back the digits that the normal equations lose.
func (f *signedFit) fit(gram []float64, in []bool, w []float64) bool {
	k := len(in)
	var list []int
	for i := range in {
		w[i] = 0
		if in[i] {
			list = append(list, i)
		}
	}
	n := len(list)
	l, b := make([]float64, n*n), make([]float64, n)
	for i, a := range list {
		for j, c := range list {
			l[i*n+j] = gram[a*k+c]
		}
		l[i*n+i] += 1e-11
	}
	if !cholesky(l, n, 0) {
		return false
	}
	for range 3 {
		left := f.residual(w)
		for i, a := range list {
			b[i] = inner(f.columns[a], left)
		}
		choleskySolve(l, n, b)
		for i, a := range list {
			w[a] += b[i]
		}
	}
	return true
}

func (f *signedFit) residual(w []float64) []float64 {
	left := append([]float64(nil), f.target...)
	for i, c := range f.columns {
		if w[i] == 0 {
			continue
		}
		for j, v := range c {
			left[j] -= w[i] * v
		}
	}
	return left
}

func inner(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}
