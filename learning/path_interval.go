package learning

import "math"

// ceiling is 1 where a hinge bounds b from above, -1 where it does so from below; |a_jb| is 1 and no hinge is at its corner.
func ceiling(s side, ajb float64) float64 { return -inner[s&3] * ajb }

// end is the index of the end of b's interval that hinges with such a ceiling bound.
func end(ceiling float64) int { return int(ceiling+1) / 2 }

// interval finds the ends of b's interval where no hinge is at its corner, puts b in its middle, and sets its rate. Of several hinges at an end it
// takes the one that will be there next. The slopes are those for a b that stays.
func (p *tracer) interval() {
	p.ends = [2]int{-1, -1}
	var at, rate [2]float64
	if cap(p.reach) < p.m {
		p.reach, p.speed = make([]float64, p.m), make([]float64, p.m)
	}
	reach, speed, col := p.reach[:p.m], p.speed[:p.m], p.columns.col[p.n]
	p.reach, p.speed = reach, speed
	for j, g := range p.gap[:len(reach)] {
		// The b at which the hinge is at its corner; |a_jb| is 1.
		b, d := p.v[p.n]+col[j]*g, col[j]*p.dgap[j]
		reach[j], speed[j] = b, d
		s := ceiling(p.hinge[j], col[j])
		e := end(s)
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
	addTimes(p.gap, old-p.v[n], col)
}

// spread is b's interval relative to its middle, and its rates; an end that is infinite counts as the middle.
func (p *tracer) spread() (at, rate [2]float64) {
	for i, j := range p.ends {
		if j >= 0 {
			at[i], rate[i] = p.reach[j]-p.v[p.n], p.speed[j]-p.dv[p.n]
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
	col := p.columns.col[p.n]
	for j, b := range p.reach {
		s, d := ceiling(p.hinge[j], col[j]), p.speed[j]
		i := end(s)
		if r := s * (rate[i] - d); s*(b-at[i]) < e.step*r && r > 1e-15*(1+math.Abs(d)) && j != p.ends[i] && take(s*(b-at[i])/r) {
			e.hinge, e.end = j, i
		}
	}
}
