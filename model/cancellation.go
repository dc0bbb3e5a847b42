package model

import (
	"math"
	"slices"
)

// cancelling is the factor by which the terms of an expanded product may exceed the product. Their rounding errors are then below 1e-7 of it.
const cancelling = 1e8

// farSquare is the constant term up to which squares of functions of unbounded variables are expanded: it is known to 1e-4 then.
const farSquare = 1e12

// AddFactors adds c*f*g as AddMul does, but for products of affine functions whose expansion would hide them behind rounding errors: those stay products.
// With y in [1e6-1, 1e6+1] the terms of (y - 1e6)² = y² - 2e6 y + 1e12 are known to 1e-4 only, and the square is at most 1. What counts are
// the bounds that the variables have at the time; of unbounded variables nothing is known, and only squares with very large constants are kept.
func (a *Accumulator) AddFactors(c float64, f, g Function) {
	if f.IsAffine() && g.IsAffine() && !f.IsConst() && !g.IsConst() {
		tf, vf := a.m.extent(f)
		tg, vg := a.m.extent(g)
		v := vf * vg
		if v > 0 && tf*tg > cancelling*v || math.Abs(c*f.Const*g.Const) > farSquare && a.m.unbounded(f) && proportional(f, g) {
			a.AddNode(c, a.m.dag.Mul(a.m.Node(f), a.m.Node(g)))
			return
		}
	}
	a.AddMul(c, f, g)
}

// extent is the largest sum of the absolute terms of an affine function within the bounds of its variables, and the largest absolute value of it, both
// without the terms of unbounded variables.
func (m *Model) extent(f Function) (terms, value float64) {
	terms = math.Abs(f.Const)
	lo, hi := f.Const, f.Const
	for k, j := range f.Vars {
		l, h := f.Coefs[k]*m.vars.lo[j], f.Coefs[k]*m.vars.hi[j]
		if math.IsInf(l, 0) || math.IsInf(h, 0) {
			continue
		}
		terms += math.Max(math.Abs(l), math.Abs(h))
		lo, hi = lo+math.Min(l, h), hi+math.Max(l, h)
	}
	return terms, math.Max(math.Abs(lo), math.Abs(hi))
}

// unbounded reports whether no variable of an affine function has two bounds.
func (m *Model) unbounded(f Function) bool {
	for _, j := range f.Vars {
		if !math.IsInf(m.vars.lo[j], 0) && !math.IsInf(m.vars.hi[j], 0) {
			return false
		}
	}
	return true
}

// proportional reports whether two affine functions are multiples of each other, and so zero at the same points.
func proportional(f, g Function) bool {
	if !slices.Equal(f.Vars, g.Vars) || len(f.Vars) == 0 {
		return false
	}
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(a) }
	k := g.Coefs[0] / f.Coefs[0]
	for i := range f.Coefs {
		if !same(k*f.Coefs[i], g.Coefs[i]) {
			return false
		}
	}
	return same(k*f.Const, g.Const)
}

// exactly is the value at x of a function without nonlinear part, summed up with twice the digits of a number: the terms of a square such as
// y² - 2e6 y + 1e12 are far larger than their sum. It is what plain sums give where those are not finite.
func (f Function) exactly(x []float64) float64 {
	s, low := f.Const, 0.0
	add := func(v, rest float64) {
		t := s + v
		u := t - s
		low += (s - (t - u)) + (v - u) + rest
		s = t
	}
	for k, j := range f.Vars {
		p := f.Coefs[k] * x[j]
		add(p, math.FMA(f.Coefs[k], x[j], -p))
	}
	for _, q := range f.Quad {
		a, b := x[q.I], x[q.J]
		p := q.Coef * a
		t := p * b
		add(t, math.FMA(p, b, -t)+math.FMA(q.Coef, a, -p)*b)
	}
	if v := s + low; v-v == 0 {
		return v
	}
	return s
}
