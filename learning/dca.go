package learning

import (
	"math"
)

// DCAOptions are the settings of the method "dca"; the zero value of each field is its default, the released setting of the method's authors but
// for the tolerance, which is 0.1 there and ends too early on small data.
type DCAOptions struct {
	Prox       float64 // ρ of the term ½ρ|x - x_k|²; default 1e-3
	Penalty    float64 // β of the first step; default 1
	Increment  float64 // what is added to β; default 1
	Tolerance  float64 // of the step, relative to √(1 + |x|²), and of the violation, at the end; default 0.01
	Iterations int     // most steps; default 100
	Radius     float64 // R at the start; default 10
	Box        float64 // bound on each weight at the start; default the least of its range
}

func (o DCAOptions) filled() (DCAOptions, error) {
	for _, c := range []struct {
		name string
		at   *float64
		def  float64
	}{{"prox", &o.Prox, 1e-3}, {"penalty", &o.Penalty, 1}, {"increment", &o.Increment, 1}, {"tolerance", &o.Tolerance, 0.01}, {"radius", &o.Radius, 10}, {"box", &o.Box, 0}} {
		if *c.at == 0 {
			*c.at = c.def
		}
		if !(*c.at >= 0 && *c.at <= 1e12) {
			return o, &OptionError{"dca " + c.name, "it is not between 0 and 1e12", "leave it out for the default"}
		}
	}
	if o.Iterations == 0 {
		o.Iterations = 100
	}
	if o.Iterations < 0 {
		return o, &OptionError{"dca iterations", "there are less than none", "leave it out for the default"}
	}
	return o, nil
}

// dca is the difference-of-convex method on the value function of the followers of a linear support vector classifier, in the form with a bound R on ½|w|²
// besides those on single weights,
//
//	min (1/T) Σ_t mean_i max(0, 1 - y_i (x_i'w^t - b^t))   over R, wbar, w, b
//	s.t. Σ_t L_t(w^t, b^t) <= v(R, wbar),  ½|w^t|² <= R, |w^t| <= wbar,
//
// with the mean training losses L_t and v the least value of their sum. It is convex, so that at (R_k, wbar_k) the multipliers of the followers give a linear
// function below it, which takes its place in a convex program: the violation of the row costs β, and a step ½ρ|x - x_k|². β grows while steps are short and
// the row is violated. The constraints of the followers are kept as such; the bound on ½|w|² is one for each fold.
//
// Sources: Gao, Ye, Yin, Zeng, Zhang (2022); Ye, Yuan, Zeng, Zhang (2023).
func (s *search) dca() {
	o := s.opt.DCA
	boxed := len(s.space.lo) > 1
	p := &dcaProgram{ended: s.stopped, n: s.space.n, folds: len(s.cv.folds), boxed: boxed, prox: o.Prox, penalty: o.Penalty}
	if boxed {
		p.lo, p.hi = math.Exp(s.space.lo[1]), math.Exp(s.space.hi[1])
	}
	for t, f := range s.cv.folds {
		h, held := f.f.(*hinges), s.cv.held[t]
		for _, a := range h.a {
			p.hinges = append(p.hinges, dcaHinge{t, a, true, 1 / float64(h.m)})
		}
		for i, x := range held.X {
			a := make([]float64, p.n+1)
			addTimes(a[:p.n], held.Y[i], x)
			a[p.n] = -held.Y[i]
			p.hinges = append(p.hinges, dcaHinge{t, a, false, 1 / float64(p.folds*held.Len())})
		}
	}
	x := make([]float64, p.block(p.folds))
	x[0] = o.Radius
	for k := 1; k < p.border(); k++ {
		x[k] = math.Max(o.Box, p.lo)
	}
	theta := make([]float64, len(s.space.lo))
	put := func() bool {
		for i := range theta {
			theta[i] = math.Log(math.Max(x[i], 1e-300))
		}
		s.space.clip(theta)
		for i := range theta {
			x[i] = math.Exp(theta[i])
		}
		return !math.IsInf(s.try(theta).slope, 1)
	}
	if !put() {
		return
	}
	for t, f := range s.cv.folds {
		copy(x[p.block(t):], f.f.at())
	}
	for range o.Iterations {
		if s.stopped() {
			return
		}
		p.linearise(s.cv, x)
		// A path that rounding ended early still gives a point, of which the followers say what it is worth.
		q, ok := p.solve(x)
		if s.stopped() {
			return
		}
		if mu := p.products(q); !ok && !(mu <= 1e-4*(1+p.penalty)) {
			return
		}
		step, size := 0.0, 1.0
		for i, v := range q.x {
			step += (v - x[i]) * (v - x[i])
			size += v * v
		}
		step = math.Sqrt(step)
		over := p.violation(q.x)
		copy(x, q.x)
		if !put() {
			return
		}
		if step <= o.Tolerance*math.Sqrt(size) && over <= o.Tolerance {
			return
		}
		if step*p.penalty <= math.Min(1, p.penalty*over) {
			p.penalty += o.Increment
		}
	}
}

// linearise sets the row at x: the followers stand at its R and wbar, and with their least value v and its rates,
//
//	Σ_t L_t - Σ_t v_t + rates'((R, wbar) - (R_k, wbar_k)) <= s.
func (p *dcaProgram) linearise(cv *Validation, x []float64) {
	p.l, p.d = make([]float64, p.border()), 0
	box := make([]float64, p.border()-1)
	for _, f := range cv.folds {
		value, byRadius := f.f.(*hinges).shadow(box)
		p.d += value
		p.l[0] += byRadius
		for k, v := range box {
			p.l[1+k] += v
		}
	}
	p.d += dot(p.l, x[:p.border()])
}

// violation is that of the row without s.
func (p *dcaProgram) violation(x []float64) float64 {
	v := dot(p.l, x[:p.border()]) - p.d
	for _, h := range p.hinges {
		if h.train {
			at := p.block(h.fold)
			v += h.weight * math.Max(0, 1-dot(h.a, x[at:at+p.n+1]))
		}
	}
	return math.Max(0, v)
}
