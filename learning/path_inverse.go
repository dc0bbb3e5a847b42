package learning

import (
	"math"
	"slices"
)

// scratch is a slice of zeros for intermediate results.
func (p *tracer) scratch(size int) []float64 {
	if cap(p.work) < size {
		p.work = make([]float64, 2*size)
	}
	w := p.work[:size]
	clear(w)
	return w
}

// grow adds a hinge to the corners: with c its column and κ its diagonal entry, q = inv c and σ = κ - c'q the inverse becomes
// [inv + qq'/σ, -q/σ; -q'/σ, 1/σ].
func (p *tracer) grow(j int) bool {
	if len(p.inv) == 0 {
		// The first corner: [0 a; a κ] has the inverse [-κ/a² 1/a; 1/a 0].
		p.corners = append(p.corners[:0], j)
		a := p.a[j][p.n]
		p.inv = append(p.inv[:0], -p.product(j, j)/(a*a), 1/a, 1/a, 0)
		return true
	}
	size := len(p.corners) + 1
	w := p.scratch(2 * size)
	col, q := w[:size], w[size:]
	col[0] = p.a[j][p.n]
	for i, other := range p.corners {
		col[i+1] = p.product(j, other)
	}
	kappa := p.product(j, j)
	s := kappa
	for i := range size {
		q[i] = dot(p.inv[i*size:(i+1)*size], col)
		s -= q[i] * col[i]
	}
	if !(s > 1e-12*(1+kappa)) {
		return false
	}
	big := p.inv
	if cap(big) < (size+1)*(size+1) {
		big = make([]float64, 0, 2*(size+1)*(size+1))
	}
	big = big[:(size+1)*(size+1)]
	// Rows are spread from the last, as the two may share memory.
	for i := size - 1; i >= 0; i-- {
		for k := size - 1; k >= 0; k-- {
			big[i*(size+1)+k] = p.inv[i*size+k] + q[i]*q[k]/s
		}
	}
	for i := range size {
		big[i*(size+1)+size], big[size*(size+1)+i] = -q[i]/s, -q[i]/s
	}
	big[size*(size+1)+size] = 1 / s
	p.inv, p.corners = big, append(p.corners, j)
	return true
}

// shrink takes a hinge out of the corners: inv less the column and row times each other over their common entry.
func (p *tracer) shrink(j int) bool {
	at := slices.Index(p.corners, j) + 1
	size := len(p.corners) + 1
	p.corners = slices.Delete(p.corners, at-1, at)
	if size == 2 {
		p.inv = p.inv[:0]
		return true
	}
	d := p.inv[at*size+at]
	if !(d > 0) || math.IsInf(d, 0) {
		return p.refresh()
	}
	col := p.scratch(size)
	copy(col, p.inv[at*size:(at+1)*size])
	to := 0
	for i := range size {
		for k := range size {
			if i != at && k != at {
				p.inv[to] = p.inv[i*size+k] - col[i]*col[k]/d
				to++
			}
		}
	}
	p.inv = p.inv[:to]
	return true
}

// reweigh carries out that a weight comes to its box or leaves it: K changes by c c', with c its coefficients in the hinges at their corners, and with x = inv c
// the inverse becomes inv ± xx'/(1 ∓ c'x).
func (p *tracer) reweigh(k int, to side) bool {
	size := len(p.corners) + 1
	// Another weight may have left its box meanwhile.
	if len(p.free)+len(p.boxed) != p.n || (to == above) != slices.Contains(p.free, k) || len(p.inv) != size*size && size > 1 || !p.listed() {
		return p.refresh()
	}
	w := p.scratch(2 * size)
	col, x := w[:size], w[size:]
	for q, j := range p.corners {
		col[q+1] = p.a[j][k]
	}
	if size > 1 {
		for q := range x {
			x[q] = dot(p.inv[q*size:(q+1)*size], col)
		}
	}
	sign := 1.0
	if to == below {
		sign = -1
	}
	rest := 1 - sign*dot(col, x)
	if !(rest > 1e-6) {
		return p.refresh()
	}
	if size > 1 {
		for q, t := range x {
			addTimes(p.inv[q*size:(q+1)*size], sign*t/rest, x)
		}
	}
	p.free, p.boxed = p.free[:0], p.boxed[:0]
	for i, s := range p.weight {
		if s == below {
			p.free = append(p.free, i)
		} else {
			p.boxed = append(p.boxed, i)
		}
	}
	return true
}

// listed reports whether the lists of weights are those of the sets but for one.
func (p *tracer) listed() bool {
	off := 0
	for _, k := range p.free {
		if p.weight[k] != below {
			off++
		}
	}
	for _, k := range p.boxed {
		if p.weight[k] == below {
			off++
		}
	}
	return off == 1
}

// rebuild computes the inverse afresh.
func (p *tracer) rebuild() bool {
	order := slices.Clone(p.corners)
	p.corners, p.inv = p.corners[:0], p.inv[:0]
	for _, j := range order {
		if !p.grow(j) {
			return false
		}
	}
	return true
}

// product is the product of two hinges over the weights within their boxes.
func (p *tracer) product(i, j int) float64 {
	a, b := p.a[i], p.a[j]
	if len(p.free) == p.n {
		return dot(a[:p.n], b)
	}
	s := 0.0
	for _, k := range p.free {
		s += a[k] * b[k]
	}
	return s
}

// refresh computes inverse, answer and gaps afresh from the sets, and reports whether the answer satisfies all conditions to 1e-6.
func (p *tracer) refresh() bool {
	p.since = 0
	n := p.n
	p.free, p.boxed = p.free[:0], p.boxed[:0]
	for k, s := range p.weight {
		if s == below {
			p.free = append(p.free, k)
		} else {
			p.boxed = append(p.boxed, k)
			p.v[k] = p.sign[k] * p.box[k]
		}
	}
	clear(p.u)
	for j, a := range p.a {
		if p.hinge[j] == above {
			p.alpha[j] = p.c
			for k, v := range a {
				p.u[k] += v
			}
		} else if p.hinge[j] == below {
			p.alpha[j] = 0
		}
	}
	if !p.rebuild() {
		return false
	}
	size := len(p.corners) + 1
	w := p.scratch(3 * size)
	// Two corrections of the present answer.
	for range 2 {
		for _, k := range p.free {
			p.v[k] = p.c * p.u[k]
			for _, j := range p.corners {
				p.v[k] += p.alpha[j] * p.a[j][k]
			}
		}
		if size == 1 {
			break
		}
		rhs := w[:size]
		rhs[0] = -p.c * p.u[n]
		for q, j := range p.corners {
			rhs[0] -= p.alpha[j] * p.a[j][n]
			rhs[q+1] = p.r[j] - dot(p.a[j], p.v)
		}
		p.v[n] += dot(p.inv[:size], rhs)
		for q, j := range p.corners {
			p.alpha[j] += dot(p.inv[(q+1)*size:(q+2)*size], rhs)
		}
		for _, k := range p.free {
			p.v[k] = p.c * p.u[k]
			for _, j := range p.corners {
				p.v[k] += p.alpha[j] * p.a[j][k]
			}
		}
	}
	size1 := 1.0
	for _, v := range p.v {
		size1 += math.Abs(v)
	}
	const tol = 1e-6
	for k, s := range p.weight {
		w := math.Abs(p.v[k])
		g, terms := p.c*p.u[k], p.c*math.Abs(p.u[k])
		if s == above {
			for _, j := range p.corners {
				g += p.alpha[j] * p.a[j][k]
				terms += math.Abs(p.alpha[j] * p.a[j][k])
			}
		}
		if s == below && w > p.box[k]+tol*size1 || s == above && p.box[k] > 0 && p.sign[k]*(g-p.v[k]) < -tol*(size1+terms) {
			return false
		}
	}
	for j, a := range p.a {
		p.gap[j] = p.r[j] - dot(a, p.v)
		switch p.hinge[j] {
		case corner:
			if al := p.alpha[j]; al < -tol*p.c || al > p.c*(1+tol) || math.Abs(p.gap[j]) > tol*size1 {
				return false
			}
			p.gap[j] = 0
		case below:
			if p.gap[j] > tol*size1 && len(p.corners) > 0 {
				return false
			}
		case above:
			if p.gap[j] < -tol*size1 && len(p.corners) > 0 {
				return false
			}
		}
	}
	return true
}
