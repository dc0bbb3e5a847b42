package global

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
)

// polynomialTerms bounds the number of monomials of a function that is multiplied out.
const polynomialTerms = 40

// monomial is coef Π_k vars[k]^powers[k], variables ascending.
type monomial struct {
	coef   float64
	vars   []expr.Node
	powers []int
}

// multipliedOut writes a polynomial multiplied out and after Horner in several variables,
//
//	p(x) = x_j^k q(x) + r(x),   x_j the variable in most terms, k its least power in them, r without it,
//
// again and again: it is bounded on one side where variables are not bounded. y² - (y² + z²)² - z² is y² (1 - y² - 2z²) - z^4 - z². The result is n where
// n is no polynomial, is too long, or where coefficients would be rounded. It serves as a second way to write a function; on bounded boxes the first is often
// the better one.
func multipliedOut(d *expr.DAG, n expr.Node) expr.Node {
	terms, ok := expand(d, n, 0)
	if !ok || len(terms) < 2 {
		return n
	}
	return horner(d, terms)
}

// expand multiplies a node out; ok is false where that is not exact.
func expand(d *expr.DAG, n expr.Node, depth int) (terms []monomial, ok bool) {
	if depth > 12 {
		return nil, false
	}
	args := d.Args(n)
	switch d.Op(n) {
	case expr.OpConst:
		return []monomial{{coef: d.Value(n)}}, true
	case expr.OpVar:
		return []monomial{{1, []expr.Node{n}, []int{1}}}, true
	case expr.OpSum:
		terms = []monomial{{coef: d.Value(n)}}
		for k, a := range args {
			part, ok := expand(d, a, depth+1)
			if !ok {
				return nil, false
			}
			scaled, ok := multiply(part, []monomial{{coef: d.Coefs(n)[k]}})
			if !ok {
				return nil, false
			}
			terms = append(terms, scaled...)
		}
		return collect(terms)
	case expr.OpMul:
		terms = []monomial{{coef: 1}}
		for _, a := range args {
			part, ok := expand(d, a, depth+1)
			if !ok {
				return nil, false
			}
			if terms, ok = multiply(terms, part); !ok {
				return nil, false
			}
		}
		return terms, true
	case expr.OpPow:
		p, ok := d.IsConst(args[1])
		if !ok || p != math.Trunc(p) || p < 1 || p > 8 {
			return nil, false
		}
		base, ok := expand(d, args[0], depth+1)
		if !ok {
			return nil, false
		}
		terms = []monomial{{coef: 1}}
		for range int(p) {
			if terms, ok = multiply(terms, base); !ok {
				return nil, false
			}
		}
		return terms, true
	}
	return nil, false
}

// multiply is the product of two polynomials.
func multiply(a, b []monomial) ([]monomial, bool) {
	if len(a)*len(b) > polynomialTerms*polynomialTerms/4 {
		return nil, false
	}
	var out []monomial
	for _, s := range a {
		for _, t := range b {
			c := s.coef * t.coef
			if math.FMA(s.coef, t.coef, -c) != 0 || math.IsInf(c, 0) || c != 0 && math.Abs(c) < 1e-100 {
				return nil, false
			}
			out = append(out, times(s, t, c))
		}
	}
	return collect(out)
}

// times is the product of two monomials with the coefficient given.
func times(s, t monomial, c float64) monomial {
	m := monomial{coef: c}
	i, j := 0, 0
	for i < len(s.vars) || j < len(t.vars) {
		switch {
		case j == len(t.vars) || i < len(s.vars) && s.vars[i] < t.vars[j]:
			m.vars, m.powers = append(m.vars, s.vars[i]), append(m.powers, s.powers[i])
			i++
		case i == len(s.vars) || t.vars[j] < s.vars[i]:
			m.vars, m.powers = append(m.vars, t.vars[j]), append(m.powers, t.powers[j])
			j++
		default:
			m.vars, m.powers = append(m.vars, s.vars[i]), append(m.powers, s.powers[i]+t.powers[j])
			i++
			j++
		}
	}
	return m
}

func (m monomial) compare(o monomial) int {
	if c := slices.Compare(m.vars, o.vars); c != 0 {
		return c
	}
	return slices.Compare(m.powers, o.powers)
}

// collect adds equal monomials; ok is false where a sum is rounded or too many are left.
func collect(terms []monomial) (out []monomial, ok bool) {
	slices.SortStableFunc(terms, monomial.compare)
	for _, t := range terms {
		if k := len(out) - 1; k >= 0 && out[k].compare(t) == 0 {
			sum := expr.Point(out[k].coef).Add(expr.Point(t.coef))
			if sum.Lo != sum.Hi {
				return nil, false
			}
			out[k].coef = sum.Lo
			continue
		}
		out = append(out, t)
	}
	out = slices.DeleteFunc(out, func(t monomial) bool { return t.coef == 0 })
	return out, len(out) <= polynomialTerms
}

// horner nests a polynomial.
func horner(d *expr.DAG, terms []monomial) expr.Node {
	uses := map[expr.Node]int{}
	var best expr.Node
	most := 0
	for _, t := range terms {
		for _, v := range t.vars {
			if uses[v]++; uses[v] > most {
				most = uses[v]
			}
		}
	}
	if most < 2 { // nothing in common: a sum of monomials
		c := 0.0
		var coefs []float64
		var args []expr.Node
		for _, t := range terms {
			if len(t.vars) == 0 {
				c += t.coef
				continue
			}
			factors := make([]expr.Node, len(t.vars))
			for k, v := range t.vars {
				factors[k] = d.Pow(v, d.Const(float64(t.powers[k])))
			}
			coefs, args = append(coefs, t.coef), append(args, d.Product(factors...))
		}
		return d.Linear(c, coefs, args)
	}
	for _, t := range terms {
		for _, v := range t.vars {
			if uses[v] == most && (best == 0 || v < best) {
				best = v
			}
		}
	}
	least := math.MaxInt
	var with, without []monomial
	for _, t := range terms {
		k := slices.Index(t.vars, best)
		if k < 0 {
			without = append(without, t)
			continue
		}
		least = min(least, t.powers[k])
		with = append(with, t)
	}
	for i, t := range with {
		k := slices.Index(t.vars, best)
		t.vars, t.powers = slices.Clone(t.vars), slices.Clone(t.powers)
		if t.powers[k] -= least; t.powers[k] == 0 {
			t.vars, t.powers = slices.Delete(t.vars, k, k+1), slices.Delete(t.powers, k, k+1)
		}
		with[i] = t
	}
	product := d.Mul(d.Pow(best, d.Const(float64(least))), horner(d, with))
	if len(without) == 0 {
		return product
	}
	return d.Linear(0, []float64{1, 1}, []expr.Node{product, horner(d, without)})
}
