package verify

import (
	"context"
	"math"
)

// interiorLimit is the largest number of variables and constraints for which a convex quadratic problem is solved here, by dense algebra.
const interiorLimit = 500

// interior is a primal-dual interior point method for the task's convex quadratic problem, in the form
//
//	min 1/2 y'Hy + c'y   s.t.  A y - s = 0,   lo <= (y, s) <= hi
//
// with multipliers lambda of the rows and zl, zu >= 0 of the bounds: H y + c - A' lambda = zl - zu for y, lambda = zl - zu for s. Components
// with equal bounds stay where they are. Cost and constraints are scaled by powers of two. The steps are those of Mehrotra, On the
// implementation of a primal-dual interior point method, SIAM J. Optim. 2 (1992), with regularised normal equations in augmented form.
type interior struct {
	t         *task
	n, m      int
	h, a      []float64 // dense H (n x n) and A (m x n), scaled
	c         []float64
	rowScale  []float64
	costScale float64
	lo, hi    []float64 // of (y, s)
	w         []float64 // (y, s)
	lambda    []float64
	zl, zu    []float64
}

// solveInterior fills in t.y and t.lambda; it reports whether it converged. An infeasible or unbounded problem never does.
func (t *task) solveInterior(ctx context.Context) bool {
	n, m := len(t.vlo), len(t.lo)
	if n+m > interiorLimit || n == 0 {
		return false
	}
	p := newInterior(t)
	for iteration := 0; iteration < 120 && ctx.Err() == nil; iteration++ {
		switch p.progress() {
		case converged:
			t.y = append([]float64(nil), p.w[:n]...)
			t.lambda = make([]float64, m)
			for r := range t.lambda {
				t.lambda[r] = p.lambda[r] * p.rowScale[r] / p.costScale
			}
			for j := range t.y {
				t.y[j] = math.Min(math.Max(t.y[j], t.vlo[j]), t.vhi[j])
			}
			return true
		case diverged:
			return false
		}
		if !p.step() {
			return false
		}
	}
	return false
}

func newInterior(t *task) *interior {
	n, m := len(t.vlo), len(t.lo)
	p := &interior{t: t, n: n, m: m, h: make([]float64, n*n), a: make([]float64, m*n), c: make([]float64, n), rowScale: make([]float64, m),
		lo: make([]float64, n+m), hi: make([]float64, n+m), w: make([]float64, n+m), lambda: make([]float64, m), zl: make([]float64, n+m), zu: make([]float64, n+m)}
	largest := 0.0
	for k, j := range t.cost.Vars {
		p.c[j] = t.cost.Coefs[k]
		largest = math.Max(largest, math.Abs(t.cost.Coefs[k]))
	}
	for _, q := range t.cost.Quad {
		i, j := int(q.I), int(q.J)
		p.h[i*n+j] += q.Coef
		p.h[j*n+i] += q.Coef
		largest = math.Max(largest, math.Abs(q.Coef))
	}
	p.costScale = unitFactor(largest)
	for k := range p.c {
		p.c[k] *= p.costScale
	}
	for k := range p.h {
		p.h[k] *= p.costScale
	}
	copy(p.lo, t.vlo)
	copy(p.hi, t.vhi)
	for r := 0; r < m; r++ {
		idx, val := t.p.RowAffine(r)
		largest := 0.0
		for _, v := range val {
			largest = math.Max(largest, math.Abs(v))
		}
		p.rowScale[r] = unitFactor(largest)
		for k, j := range idx {
			p.a[r*n+int(j)] = p.rowScale[r] * val[k]
		}
		p.lo[n+r], p.hi[n+r] = p.rowScale[r]*t.lo[r], p.rowScale[r]*t.hi[r]
	}
	for k := range p.w {
		p.w[k] = inside(p.lo[k], p.hi[k])
		if p.lo[k] == p.hi[k] {
			continue
		}
		if !math.IsInf(p.lo[k], -1) {
			p.zl[k] = 1
		}
		if !math.IsInf(p.hi[k], 1) {
			p.zu[k] = 1
		}
	}
	return p
}

// inside is a point between two bounds, one away from each where there is room.
func inside(lo, hi float64) float64 {
	switch {
	case lo == hi:
		return lo
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return 0
	case math.IsInf(lo, -1):
		return math.Min(0, hi-1)
	case math.IsInf(hi, 1):
		return math.Max(0, lo+1)
	}
	d := math.Min(1, (hi-lo)/2)
	return math.Min(math.Max(0, lo+d), hi-d)
}

// residuals are those of stationarity (for y and s) and of the rows, and mu the mean product of slacks and multipliers.
func (p *interior) residuals() (rd, rp []float64, mu float64) {
	n, m := p.n, p.m
	rd, rp = make([]float64, n+m), make([]float64, m)
	for j := 0; j < n; j++ {
		rd[j] = -p.c[j]
		for i := 0; i < n; i++ {
			rd[j] -= p.h[j*n+i] * p.w[i]
		}
	}
	for r := 0; r < m; r++ {
		rp[r] = p.w[n+r]
		for j := 0; j < n; j++ {
			v := p.a[r*n+j]
			rp[r] -= v * p.w[j]
			rd[j] += v * p.lambda[r]
		}
		rd[n+r] = -p.lambda[r]
	}
	pairs := 0
	for k := range p.w {
		if p.lo[k] == p.hi[k] {
			rd[k] = 0 // its multiplier is free
			continue
		}
		rd[k] += p.zl[k] - p.zu[k]
		if !math.IsInf(p.lo[k], -1) {
			mu += p.zl[k] * (p.w[k] - p.lo[k])
			pairs++
		}
		if !math.IsInf(p.hi[k], 1) {
			mu += p.zu[k] * (p.hi[k] - p.w[k])
			pairs++
		}
	}
	if pairs > 0 {
		mu /= float64(pairs)
	}
	return rd, rp, mu
}

type interiorState uint8

const (
	running interiorState = iota
	converged
	diverged
)

func (p *interior) progress() interiorState {
	rd, rp, mu := p.residuals()
	big := 1.0
	for _, v := range p.w {
		big = math.Max(big, math.Abs(v))
	}
	price := 1.0
	for _, v := range p.lambda {
		price = math.Max(price, math.Abs(v))
	}
	far := 0.0
	for _, v := range rd {
		far = math.Max(far, math.Abs(v)/price)
	}
	for _, v := range rp {
		far = math.Max(far, math.Abs(v)/big)
	}
	switch {
	case math.IsNaN(far+mu) || big > 1e15 || price > 1e15:
		return diverged
	case far <= 1e-11 && mu <= 1e-11:
		return converged
	}
	return running
}

// step makes one predictor-corrector step.
func (p *interior) step() bool {
	n, m := p.n, p.m
	rd, rp, mu := p.residuals()
	theta := make([]float64, n+m) // inverse barrier weights; infinite for a fixed component
	for k := range theta {
		switch {
		case p.lo[k] == p.hi[k]:
			theta[k] = math.Inf(1)
		default:
			if !math.IsInf(p.lo[k], -1) {
				theta[k] += p.zl[k] / (p.w[k] - p.lo[k])
			}
			if !math.IsInf(p.hi[k], 1) {
				theta[k] += p.zu[k] / (p.hi[k] - p.w[k])
			}
		}
	}
	const regular = 1e-12
	size := n + m
	k := make([]float64, size*size)
	for i := 0; i < n; i++ {
		if math.IsInf(theta[i], 1) {
			k[i*size+i] = 1
			continue
		}
		for j := 0; j < n; j++ {
			k[i*size+j] = p.h[i*n+j]
		}
		k[i*size+i] += theta[i] + regular
		for r := 0; r < m; r++ {
			k[i*size+n+r] = -p.a[r*n+i]
		}
	}
	inverse := make([]float64, m)
	for r := 0; r < m; r++ {
		copy(k[(n+r)*size:], p.a[r*n:r*n+n])
		if th := theta[n+r]; th == 0 {
			inverse[r] = 1 / regular // a row without bounds says nothing
		} else {
			inverse[r] = 1 / th
		}
		k[(n+r)*size+n+r] = inverse[r] + regular
	}
	perm := factorise(k, size)
	if perm == nil {
		return false
	}
	// direction solves for a right-hand side cl, cu of the products of slacks and multipliers.
	direction := func(cl, cu []float64) (dw, dl, dzl, dzu []float64) {
		r := make([]float64, n+m)
		for i := range r {
			if math.IsInf(theta[i], 1) {
				continue
			}
			r[i] = rd[i] - p.zl[i] + p.zu[i]
			if !math.IsInf(p.lo[i], -1) {
				r[i] += cl[i] / (p.w[i] - p.lo[i])
			}
			if !math.IsInf(p.hi[i], 1) {
				r[i] -= cu[i] / (p.hi[i] - p.w[i])
			}
		}
		b := make([]float64, size)
		copy(b, r[:n])
		for i := 0; i < m; i++ {
			b[n+i] = rp[i] + inverse[i]*r[n+i]
			if math.IsInf(theta[n+i], 1) {
				b[n+i] = rp[i]
			}
		}
		d := substitute(k, size, perm, b)
		dw, dl = make([]float64, n+m), d[n:]
		copy(dw, d[:n])
		for i := 0; i < m; i++ {
			if !math.IsInf(theta[n+i], 1) {
				dw[n+i] = inverse[i] * (r[n+i] - dl[i])
			}
		}
		dzl, dzu = make([]float64, n+m), make([]float64, n+m)
		for i := range dw {
			if math.IsInf(theta[i], 1) {
				continue
			}
			if !math.IsInf(p.lo[i], -1) {
				dzl[i] = (cl[i]-p.zl[i]*dw[i])/(p.w[i]-p.lo[i]) - p.zl[i]
			}
			if !math.IsInf(p.hi[i], 1) {
				dzu[i] = (cu[i]+p.zu[i]*dw[i])/(p.hi[i]-p.w[i]) - p.zu[i]
			}
		}
		return dw, dl, dzl, dzu
	}
	zero := make([]float64, n+m)
	dw, dl, dzl, dzu := direction(zero, zero)
	ap, ad := p.lengths(dw, dzl, dzu)
	after, pairs := 0.0, 0
	cl, cu := make([]float64, n+m), make([]float64, n+m)
	for i := range dw {
		if p.lo[i] == p.hi[i] {
			continue
		}
		if !math.IsInf(p.lo[i], -1) {
			after += (p.w[i] - p.lo[i] + ap*dw[i]) * (p.zl[i] + ad*dzl[i])
			pairs++
		}
		if !math.IsInf(p.hi[i], 1) {
			after += (p.hi[i] - p.w[i] - ap*dw[i]) * (p.zu[i] + ad*dzu[i])
			pairs++
		}
	}
	if pairs > 0 {
		centre := math.Pow(math.Max(0, after/float64(pairs))/math.Max(mu, 1e-300), 3) * mu
		for i := range cl {
			cl[i], cu[i] = centre-dw[i]*dzl[i], centre+dw[i]*dzu[i]
		}
		dw, dl, dzl, dzu = direction(cl, cu)
		ap, ad = p.lengths(dw, dzl, dzu)
		// A quadratic cost ties primal and dual steps together.
		ap = math.Min(ap, ad)
		ad = ap
		if ap < 1 {
			ap *= 0.995
			ad = ap
		}
	}
	for i := range p.w {
		p.w[i] += ap * dw[i]
		p.zl[i] += ad * dzl[i]
		p.zu[i] += ad * dzu[i]
	}
	for r := range p.lambda {
		p.lambda[r] += ad * dl[r]
	}
	return true
}

// lengths are the longest steps up to one that keep slacks and multipliers from becoming negative.
func (p *interior) lengths(dw, dzl, dzu []float64) (primal, dual float64) {
	primal, dual = 1, 1
	cut := func(a *float64, v, d float64) {
		if d < 0 {
			*a = math.Min(*a, -v/d)
		}
	}
	for i := range dw {
		if p.lo[i] == p.hi[i] {
			continue
		}
		if !math.IsInf(p.lo[i], -1) {
			cut(&primal, p.w[i]-p.lo[i], dw[i])
			cut(&dual, p.zl[i], dzl[i])
		}
		if !math.IsInf(p.hi[i], 1) {
			cut(&primal, p.hi[i]-p.w[i], -dw[i])
			cut(&dual, p.zu[i], dzu[i])
		}
	}
	return primal, dual
}
