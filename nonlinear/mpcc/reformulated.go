package mpcc

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// reformulated is the lifted program with the pairs written by a method: rows for its functions behind those of the lifted program, the
// bounds of the members at the method's floor, and for Penalty a term in the objective. The patterns are the same for all t, so that
// multipliers and factorisations carry over from one t to the next.
type reformulated struct {
	*lifted
	p                *Problem
	method           Method
	t                float64 // parameter
	rho              float64 // weight of Penalty
	pairs            []int   // that are written, by index in the problem
	first            int     // row of the first function
	lowerT, upperT   []float64
	rowLowerT        []float64
	rowUpperT        []float64
	jr, jc           []int32
	hr, hc           []int32
	baseHess         []int32    // by entry of the lifted program's Hessian: place
	pairHess         [][3]int32 // by written pair: places of GG, GH, HH
	pairJac          [][2]int32 // by function: places of its two derivatives
	hess             []float64
	jacOwn           int // entries of the lifted program's Jacobian
	aggregated, both bool
}

// reformulate makes the program of a method at t; rho is the weight of Penalty.
func (p *Problem) reformulate(method Method, t, rho float64) *reformulated {
	l := p.prog
	r := &reformulated{lifted: l, p: p, method: method, rho: rho, pairs: p.live, first: l.NumRows(), aggregated: method == ScholtesSum}
	r.lowerT, r.upperT = slices.Clone(l.lower), slices.Clone(l.upper)
	rows := method.Functions() * len(r.pairs)
	if r.aggregated {
		rows = min(1, len(r.pairs))
	}
	lo, hi := math.Inf(-1), 0.0
	if method.Equation() {
		lo = 0
	}
	r.rowLowerT, r.rowUpperT = slices.Clone(l.rowLower), slices.Clone(l.rowUpper)
	for range rows {
		r.rowLowerT, r.rowUpperT = append(r.rowLowerT, lo), append(r.rowUpperT, hi)
	}
	r.planJacobian()
	r.planHessian()
	r.set(t, rho)
	return r
}

// set moves to another parameter and weight.
func (r *reformulated) set(t, rho float64) {
	r.t, r.rho = t, rho
	shift := r.method.Floor(t)
	if shift == 0 {
		return
	}
	for _, k := range r.pairs {
		for _, s := range r.p.sides[k] {
			if s.upper {
				r.upperT[s.col] = r.lifted.upper[s.col] - shift
			} else {
				r.lowerT[s.col] = r.lifted.lower[s.col] + shift
			}
		}
	}
}

func (r *reformulated) Clone() smooth.Program {
	p := r.p.Clone()
	return p.reformulate(r.method, r.t, r.rho)
}

func (r *reformulated) NumRows() int                        { return len(r.rowLowerT) }
func (r *reformulated) Bounds() (lower, upper []float64)    { return r.lowerT, r.upperT }
func (r *reformulated) RowBounds() (lower, upper []float64) { return r.rowLowerT, r.rowUpperT }
func (r *reformulated) JacobianPattern() (rows, c []int32)  { return r.jr, r.jc }
func (r *reformulated) HessianPattern() (rows, c []int32)   { return r.hr, r.hc }

// members are the values of the members of pair k.
func (r *reformulated) members(k int, x []float64) (g, h float64) {
	s := &r.p.sides[k]
	return r.p.slack(s[0], x), r.p.slack(s[1], x)
}

func (r *reformulated) Objective(x []float64) float64 {
	v := r.lifted.Objective(x)
	if r.method == Penalty {
		sum := 0.0
		for _, k := range r.pairs {
			g, h := r.members(k, x)
			sum += g * h
		}
		v += r.rho * sum
	}
	return v
}

func (r *reformulated) Gradient(x, grad []float64) {
	r.lifted.Gradient(x, grad)
	if r.method != Penalty {
		return
	}
	for _, k := range r.pairs {
		g, h := r.members(k, x)
		s := &r.p.sides[k]
		grad[s[0].col] += r.rho * h * s[0].sign()
		grad[s[1].col] += r.rho * g * s[1].sign()
	}
}

func (r *reformulated) Rows(x, c []float64) {
	r.lifted.Rows(x, c[:r.first])
	at := r.first
	if r.aggregated {
		if len(r.pairs) > 0 {
			sum := 0.0
			for _, k := range r.pairs {
				g, h := r.members(k, x)
				sum += r.method.At(0, g, h, r.t).V
			}
			c[at] = sum
		}
		return
	}
	for i := range r.method.Functions() {
		for _, k := range r.pairs {
			g, h := r.members(k, x)
			c[at] = r.method.At(i, g, h, r.t).V
			at++
		}
	}
}

func (r *reformulated) Jacobian(x, vals []float64) {
	r.lifted.Jacobian(x, vals[:r.jacOwn])
	clear(vals[r.jacOwn:])
	q := len(r.pairs)
	for f, at := range r.pairJac {
		k := r.pairs[f%q]
		g, h := r.members(k, x)
		j := r.method.At(f/q, g, h, r.t)
		s := &r.p.sides[k]
		vals[at[0]] += j.G * s[0].sign()
		vals[at[1]] += j.H * s[1].sign()
	}
}

func (r *reformulated) Hessian(x []float64, sigma float64, lambda, vals []float64) {
	r.lifted.Hessian(x, sigma, lambda[:r.first], r.hess)
	clear(vals)
	for k, at := range r.baseHess {
		vals[at] += r.hess[k]
	}
	add := func(place int, w float64, j Jet) {
		at := r.pairHess[place]
		s := &r.p.sides[r.pairs[place]]
		cross := w * j.GH * s[0].sign() * s[1].sign()
		if s[0].col == s[1].col {
			cross *= 2 // the second derivative of G(x)H(x) by the one variable of both
		}
		vals[at[1]] += cross
		if r.both {
			vals[at[0]] += w * j.GG
			vals[at[2]] += w * j.HH
		}
	}
	if r.method == Penalty {
		for i := range r.pairs {
			add(i, sigma*r.rho, Jet{GH: 1})
		}
		return
	}
	for i := range r.method.Functions() {
		for place, k := range r.pairs {
			w := lambda[r.row(i, place)]
			if w == 0 {
				continue
			}
			g, h := r.members(k, x)
			add(place, w, r.method.At(i, g, h, r.t))
		}
	}
}

// row is the row of function i of the written pair at a place.
func (r *reformulated) row(i, place int) int {
	if r.aggregated {
		return r.first
	}
	return r.first + i*len(r.pairs) + place
}
