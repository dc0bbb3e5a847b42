package learning

import "math"

// threshold is the b at which a hinge reaches its corner, and its rate.
func (p *tracer) threshold(j int) (b, rate float64) {
	a, n := p.a[j], p.n
	return (p.r[j] - dot(a[:n], p.v)) / a[n], (p.dr[j] - dot(a[:n], p.dv)) / a[n]
}

// floor reports whether a hinge bounds b from below.
func (p *tracer) floor(j int) bool { return (p.hinge[j] == below) == (p.a[j][p.n] > 0) }

// interval finds the ends of b's interval where no hinge is at its corner, puts b in its middle, and sets its rate. Of several hinges at an end it
// takes the one that will be there next.
func (p *tracer) interval() {
	p.ends = [2]int{-1, -1}
	var at, rate [2]float64
	p.reach, p.speed = p.reach[:0], p.speed[:0]
	for j := range p.a {
		b, d := p.threshold(j)
		p.reach, p.speed = append(p.reach, b), append(p.speed, d)
		e, s := 1, 1.0
		if p.floor(j) {
			e, s = 0, -1
		}
		if p.ends[e] < 0 || s*(b-at[e]) < -1e-15*(1+math.Abs(b)) || s*(b-at[e]) <= 1e-15*(1+math.Abs(b)) && s*(d-rate[e]) < 0 {
			p.ends[e], at[e], rate[e] = j, b, d
		}
	}
	n, old := p.n, p.v[p.n]
	switch {
	case p.ends[0] >= 0 && p.ends[1] >= 0:
		p.v[n], p.dv[n] = at[0]/2+at[1]/2, rate[0]/2+rate[1]/2
	case p.ends[0] >= 0:
		p.v[n], p.dv[n] = at[0], rate[0]
	case p.ends[1] >= 0:
		p.v[n], p.dv[n] = at[1], rate[1]
	}
	for j, a := range p.a {
		p.gap[j] -= a[n] * (p.v[n] - old)
	}
}

// spread is b's interval relative to its middle, and its rates; an end that is infinite counts as the middle.
func (p *tracer) spread() (at, rate [2]float64) {
	for i, j := range p.ends {
		if j >= 0 {
			b, d := p.threshold(j)
			at[i], rate[i] = b-p.v[p.n], d-p.dv[p.n]
		}
	}
	return at, rate
}

// passing finds where an end of b's interval passes to another hinge, and where the ends meet.
func (p *tracer) passing(take func(float64) bool, e *event) {
	var at, rate [2]float64
	for i, j := range p.ends {
		if j >= 0 {
			at[i], rate[i] = p.reach[j], p.speed[j]
		}
	}
	if p.ends[0] >= 0 && p.ends[1] >= 0 && rate[0] > rate[1] && take((at[1]-at[0])/(rate[0]-rate[1])) {
		e.meet = true
	}
	for j := range p.a {
		i, s := 1, 1.0
		if p.floor(j) {
			i, s = 0, -1
		}
		if j == p.ends[i] {
			continue
		}
		b, d := p.reach[j], p.speed[j]
		if r := s * (rate[i] - d); r > 1e-15*(1+math.Abs(d)) && take(s*(b-at[i])/r) {
			e.hinge, e.end = j, i
		}
	}
}
