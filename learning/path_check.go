package learning

import "math"

// sound reports whether hinges, weights and multipliers are on the sides that the sets say, to 1e-8 of their sizes, times the slack.
func (p *tracer) sound() bool {
	tol := 1e-8 * p.slack
	size := 1.0
	for _, v := range p.v {
		size += math.Abs(v)
	}
	most := tol * size
	for j, s := range p.hinge[:len(p.gap)] {
		if inner[s&3]*p.gap[j] > most {
			return false
		}
	}
	for _, j := range p.corners {
		if al := p.alpha[j]; al < -tol*p.c || al > (1+tol)*p.c {
			return false
		}
	}
	for _, k := range p.free {
		if math.Abs(p.v[k]) > p.box[k]+tol*size {
			return false
		}
	}
	for _, k := range p.boxed {
		g, terms := p.c*p.u[k], p.c*math.Abs(p.u[k])
		for _, j := range p.corners {
			t := p.alpha[j] * p.a[j][k]
			g, terms = g+t, terms+math.Abs(t)
		}
		if p.box[k] > 0 && p.sign[k]*(g-p.v[k]) < -tol*(size+terms) {
			return false
		}
	}
	return true
}

// balanced reports whether the rates keep hinges at their corners and the multipliers in balance, to 1e-12 of a bound on the sizes of the terms.
func (p *tracer) balanced() bool {
	tol := 1e-12 * p.slack
	n := p.n
	off, terms := -p.dc*p.u[n], math.Abs(p.dc*p.u[n])+math.Abs(p.dc)
	mass := math.Abs(p.dv[n])
	for _, k := range p.free {
		mass += math.Abs(p.dc * p.u[k])
	}
	for _, k := range p.boxed {
		mass += math.Abs(p.dv[k])
	}
	for q, j := range p.corners {
		d := math.Abs(p.da[q])
		off -= p.da[q] * p.a[j][n]
		terms += d
		mass += d * p.lengths[j]
	}
	if !(math.Abs(off) <= tol*terms) {
		return false
	}
	for _, j := range p.corners {
		if !(math.Abs(p.dgap[j]) <= tol*(math.Abs(p.dr[j])+p.widest*mass)) {
			return false
		}
	}
	return true
}

// refine corrects the rates for what the updated inverse has lost, until hinges stay at their corners and the multipliers in balance to 1e-11 of the
// terms; an inverse that has lost too much for that is computed again, once.
func (p *tracer) refine() bool {
	n, size := p.n, len(p.corners)+1
	if size == 1 {
		return true
	}
	rhs, mass := make([]float64, size), make([]float64, n+1)
	for try := range 6 {
		// The sizes of what the rates are sums of.
		for k := range n {
			mass[k] = math.Abs(p.dv[k])
		}
		for _, k := range p.free {
			mass[k] = math.Abs(p.dc * p.u[k])
			for q, j := range p.corners {
				mass[k] += math.Abs(p.da[q] * p.a[j][k])
			}
		}
		mass[n] = math.Abs(p.dv[n])
		rhs[0] = -p.dc * p.u[n]
		terms := math.Abs(rhs[0]) + math.Abs(p.dc)
		for q, j := range p.corners {
			t := p.da[q] * p.a[j][n]
			rhs[0], terms = rhs[0]-t, terms+math.Abs(t)
		}
		off := math.Abs(rhs[0]) / (1e-300 + terms)
		for q, j := range p.corners {
			r, t := p.dr[j], math.Abs(p.dr[j])
			for k, v := range p.a[j] {
				r, t = r-v*p.dv[k], t+math.Abs(v)*mass[k]
			}
			rhs[q+1] = r
			off = math.Max(off, math.Abs(r)/(1e-300+t))
		}
		if off <= 1e-11*p.slack {
			return true
		}
		if try == 3 && !p.rebuild() {
			return false
		}
		p.dv[n] += dot(p.inv[:size], rhs)
		for q, j := range p.corners {
			d := dot(p.inv[(q+1)*size:(q+2)*size], rhs)
			p.da[q] += d
			for _, k := range p.free {
				p.dv[k] += d * p.a[j][k]
			}
		}
	}
	return false
}
