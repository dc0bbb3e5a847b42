package newton

import (
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

const (
	armijo        = 1e-4
	shortestStep  = 1e-12
	descentFactor = 1e-8 // Newton's direction d counts where ∇Θ'd <= -descentFactor |d|^descentPower
	descentPower  = 2.1
	flatMerit     = 1e-12
)

// solvePlain is the semismooth Newton method, globalised by a line search on the merit function Θ = ½|F|². Where Newton's direction does not
// exist or descends too little, the step of Levenberg and Marquardt with ν = √Θ is taken, and where that fails the negative gradient.
func (r *run) solvePlain() (*smooth.Answer, error) {
	p, err := newPlain(r.pr)
	if err != nil {
		return nil, fmt.Errorf("newton: %w", err)
	}
	r.startPlain(p)
	merit, ok := p.value(p.w)
	if !ok {
		r.message = "the system cannot be evaluated at the start"
		return r.plainAnswer(p, failed), nil
	}
	for {
		alpha := math.NaN()
		if v, stop := r.checkPlain(p, merit, alpha); stop {
			return r.plainAnswer(p, v), nil
		}
		if !p.linearise() {
			r.message = "the second derivatives cannot be evaluated"
			return r.plainAnswer(p, failed), nil
		}
		slope := p.direction(merit)
		if !(slope < 0) || -slope <= flatMerit*merit*norm2(p.d) {
			r.message = fmt.Sprintf("a stationary point of the merit function that is no solution: ½|F|² = %.3g", merit)
			return r.plainAnswer(p, failed), nil
		}
		merit, ok = p.search(merit, slope)
		r.iterations++
		if !ok {
			r.message = "the steps have become too small"
			return r.plainAnswer(p, failed), nil
		}
	}
}

// startPlain sets the unknowns to the start; multipliers that are not given are 0 for equations and 1 for sides.
func (r *run) startPlain(p *plain) {
	pr := r.pr
	copy(p.w, r.x0)
	given := len(r.start.Rows) == r.p.NumRows() && r.start.Rows != nil
	for row, e := range p.eq {
		if e >= 0 && given {
			p.w[e] = r.start.Rows[pr.rows[row]] * pr.objScale / pr.rowScale[row]
		}
	}
	for k, s := range p.sides {
		u := 1.0
		switch {
		case s.row && given:
			u = max(0, s.sign*r.start.Rows[pr.rows[s.index]]*pr.objScale/pr.rowScale[s.index])
		case !s.row && s.sign < 0 && len(r.start.Lower) == r.p.NumVars():
			u = max(0, r.start.Lower[pr.vars[s.index]]*pr.objScale)
		case !s.row && s.sign > 0 && len(r.start.Upper) == r.p.NumVars():
			u = max(0, r.start.Upper[pr.vars[s.index]]*pr.objScale)
		}
		p.w[p.unknown(k)] = u
	}
}

// direction leaves a direction in d and returns the slope of the merit function along it.
func (p *plain) direction(merit float64) float64 {
	if p.step(0) {
		slope := inner(p.grad, p.d)
		if slope <= -descentFactor*math.Pow(norm2(p.d), descentPower) {
			return slope
		}
	}
	if p.step(max(1e-12, math.Sqrt(merit))) {
		if slope := inner(p.grad, p.d); slope < 0 {
			return slope
		}
	}
	for i, g := range p.grad {
		p.d[i] = -g
	}
	return inner(p.grad, p.d)
}

// search moves w along d until the merit function has fallen enough, and returns its value there.
func (p *plain) search(merit, slope float64) (float64, bool) {
	for alpha := 1.0; alpha >= shortestStep; alpha /= 2 {
		for i, d := range p.d {
			p.try[i] = p.w[i] + alpha*d
		}
		if m, ok := p.value(p.try); ok && m <= merit+armijo*alpha*slope {
			p.w, p.try = p.try, p.w
			return m, true
		}
	}
	p.value(p.w)
	return merit, false
}

// checkPlain ends the iteration at a solution, at a limit, or where asked to.
func (r *run) checkPlain(p *plain, merit, alpha float64) (verdict, bool) {
	dual, rest := 0.0, 0.0
	for i, v := range p.f {
		if i < r.pr.nx {
			dual = max(dual, math.Abs(v))
		} else {
			rest = max(rest, math.Abs(v))
		}
	}
	it := smooth.Iterate{Iteration: r.iterations, Objective: r.p.Objective(r.pr.full), Violation: rest, Residual: dual, Mu: math.NaN(), Step: alpha,
		Elapsed: time.Since(r.began), X: r.pr.full}
	if r.opt.Log != nil {
		r.opt.Log(fmt.Sprintf("%5d  %14.7e  merit %9.2e  stationarity %9.2e  rest %9.2e", it.Iteration, it.Objective, merit, dual, rest))
	}
	if max(dual, rest) <= r.opt.Tolerance {
		return converged, true
	}
	switch {
	case r.ctx.Err() != nil:
		return interrupted, true
	case r.iterations >= r.opt.MaxIterations:
		r.message = r.limitReached()
		return limit, true
	case r.timeIsUp():
		r.message = "stopped at the time limit"
		return limit, true
	case r.opt.Progress != nil && !r.opt.Progress(it):
		return interrupted, true
	}
	return converged, false
}

// plainAnswer makes an answer of the unknowns.
func (r *run) plainAnswer(p *plain, v verdict) *smooth.Answer {
	e := r.main
	copy(e.cur.v, p.w[:r.pr.nx])
	copy(e.cur.lambda, p.y)
	clear(e.cur.zl)
	clear(e.cur.zu)
	for k, s := range p.sides {
		if u := max(0, p.w[p.unknown(k)]); !s.row && s.sign < 0 {
			e.cur.zl[s.index] = u
		} else if !s.row {
			e.cur.zu[s.index] = u
		}
	}
	return r.answer(v)
}

func inner(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func norm2(a []float64) float64 { return math.Sqrt(inner(a, a)) }
