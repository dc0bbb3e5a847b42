package modfile

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// negative compiles -x.
func (c *compiler) negative(n *unaryNode) *code {
	x := c.number(n.x)
	if x.fixed {
		return numberCode(n.p, -x.val)
	}
	out := &code{p: n.p, kind: kindNumber, slot: -1, vars: x.vars}
	if x.vars {
		add := x.add
		out.add = func(in *instance, acc *model.Accumulator, k float64) { add(in, acc, -k) }
		return out
	}
	num := x.num
	out.num = func(in *instance) float64 { return -num(in) }
	return out
}

// chain compiles a chain of additions and subtractions.
func (c *compiler) chain(n *sumNode) *code {
	var terms []*code
	var minus []bool
	var plain plainTerms
	vars := false
	for k, t := range n.terms {
		if c.plainTerm(&plain, t, n.minus[k]) {
			vars = true
			continue
		}
		e := c.number(t)
		terms, minus = append(terms, e), append(minus, n.minus[k])
		vars = vars || e.vars
	}
	p := n.p
	out := &code{p: p, kind: kindNumber, slot: -1, vars: vars}
	if vars {
		adders := make([]func(*instance, *model.Accumulator, float64), len(terms))
		for k, t := range terms {
			adders[k] = adder(t)
		}
		out.add = func(in *instance, acc *model.Accumulator, c float64) {
			plain.add(in, acc, c)
			for k, add := range adders {
				in.step()
				if minus[k] {
					add(in, acc, -c)
				} else {
					add(in, acc, c)
				}
			}
		}
		return out
	}
	sc := c.scope
	if len(terms) == 2 {
		a, b, m := terms[0].num, terms[1].num, minus[1]
		out.num = func(in *instance) float64 {
			x, y := a(in), b(in)
			if m {
				y = -y
			}
			return in.finite(x+y, p, sc, x, y)
		}
		return out
	}
	out.num = func(in *instance) float64 {
		s := 0.0
		for k, t := range terms {
			v := t.num(in)
			if minus[k] {
				v = -v
			}
			s = in.finite(s+v, p, sc, s, v)
		}
		return s
	}
	return out
}

// adder returns how an expression is added to an accumulator; a number becomes a constant.
func adder(e *code) func(in *instance, acc *model.Accumulator, k float64) {
	if e.vars {
		return e.add
	}
	num := e.num
	return func(in *instance, acc *model.Accumulator, k float64) { acc.AddConst(k * num(in)) }
}

// arithmetic compiles * / div mod less ^.
func (c *compiler) arithmetic(n *binaryNode) *code {
	x, y := c.number(n.x), c.number(n.y)
	if x.vars || y.vars {
		return c.functionOperation(n, x, y)
	}
	out := &code{p: n.p, kind: kindNumber, slot: -1}
	a, b, p, sc := x.num, y.num, n.p, c.scope
	switch n.op {
	case opMul:
		out.num = func(in *instance) float64 {
			u := a(in)
			if u == 0 {
				return 0
			}
			v := b(in)
			return in.finite(u*v, p, sc, u, v)
		}
	case opDiv:
		out.num = func(in *instance) float64 {
			u, v := a(in), b(in)
			if v == 0 {
				in.failScoped(p, sc, "division by zero", "a divisor other than 0")
			}
			return in.finite(u/v, p, sc, u, v)
		}
	case opPow:
		out.num = func(in *instance) float64 {
			u, v := a(in), b(in)
			return in.power(u, v, p, sc)
		}
	case opLess:
		out.num = func(in *instance) float64 { return math.Max(a(in)-b(in), 0) }
	case opIntDiv, opMod:
		mod := n.op == opMod
		out.num = func(in *instance) float64 {
			u, v := a(in), b(in)
			if v == 0 {
				in.failScoped(p, sc, "division by zero", "a divisor other than 0")
			}
			if mod {
				return in.finite(math.Mod(u, v), p, sc, u, v)
			}
			return in.finite(math.Trunc(u/v), p, sc, u, v)
		}
	}
	return out
}

// power computes u^v and reports where it is not a finite number.
func (in *instance) power(u, v float64, p pos, sc *scope) float64 {
	if u == 0 && v < 0 {
		in.failScoped(p, sc, "0 to the negative power "+formatNumber(v), "a base other than 0")
	}
	r := math.Pow(u, v)
	if u == 10 && v == math.Trunc(v) && math.Abs(v) < 400 {
		r = math.Pow10(int(v)) // exact, which math.Pow is not
	}
	if math.IsNaN(r) && !math.IsNaN(u) && !math.IsNaN(v) {
		in.failScoped(p, sc, "the negative number "+formatNumber(u)+" to the fractional power "+formatNumber(v), "a base of at least 0, or an integer exponent")
	}
	return in.finite(r, p, sc, u, v)
}

// finite reports a result that is not finite although the operands are, and infinity less infinity.
func (in *instance) finite(r float64, p pos, sc *scope, u, v float64) float64 {
	if r-r == 0 {
		return r
	}
	if math.IsNaN(r) {
		in.failScoped(p, sc, "the result of an operation on "+formatNumber(u)+" and "+formatNumber(v)+" is not a number", "finite operands")
	}
	if !math.IsInf(u, 0) && !math.IsInf(v, 0) {
		in.failScoped(p, sc, "the result of an operation on "+formatNumber(u)+" and "+formatNumber(v)+" is too large", "a result of at most 1.7976931348623157e308")
	}
	return r
}

// conditional compiles if c then a else b.
func (c *compiler) conditional(n *ifNode) *code {
	cond := c.conditionCode(n.cond)
	then := c.compile(n.then)
	els := numberCode(n.p, 0)
	if n.els != nil {
		els = c.compile(n.els)
	} else if then.kind != kindNumber && then.kind != kindElement {
		c.fail(n.p, "'if' without 'else' for "+then.kind.String(), "'else' and another "+then.kind.String()[2:])
	}
	out := &code{p: n.p, slot: -1}
	switch {
	case then.kind == kindSet && els.kind == kindSet:
		if cond.vars {
			c.fail(n.cond.at(), "a variable in the condition of a set", "a condition on sets and parameters")
		}
		return c.setCode(c.conditionalSet(n, cond.cond, then.set, els.set))
	case then.kind <= kindElement && els.kind <= kindElement:
	case then.kind == kindCondition && els.kind == kindCondition && !cond.vars && !then.vars && !els.vars:
		out.kind = kindCondition
		test, a, b := cond.cond, then.cond, els.cond
		out.cond = func(in *instance) bool {
			if test(in) {
				return a(in)
			}
			return b(in)
		}
		return out
	default:
		c.fail(n.p, "'if' with "+then.kind.String()+" after then and "+els.kind.String()+" after else", "two values of one kind")
	}
	if cond.vars || then.vars || els.vars {
		return c.functionConditional(n, cond, then, els)
	}
	test := cond.cond
	out.kind = kindNumber
	if then.kind != kindNumber || els.kind != kindNumber {
		out.kind = kindElement
		a, b := c.asElement(then).elem, c.asElement(els).elem
		out.elem = func(in *instance) element {
			if test(in) {
				return a(in)
			}
			return b(in)
		}
	}
	a, b := c.asNumber(then), c.asNumber(els)
	out.num = func(in *instance) float64 {
		if test(in) {
			return a(in)
		}
		return b(in)
	}
	return out
}

// asElement gives a number the means to be an element.
func (c *compiler) asElement(e *code) *code {
	if e.elem == nil {
		num, p := e.num, e.p
		e.elem = func(in *instance) element { return in.elementOf(num(in), p) }
	}
	return e
}

// asNumber gives an element the means to be a number.
func (c *compiler) asNumber(e *code) func(in *instance) float64 {
	if e.num != nil {
		return e.num
	}
	elem, p := e.elem, e.p
	return func(in *instance) float64 { return in.number(elem(in), p) }
}

// reduction compiles sum, prod, min and max over an indexing.
func (c *compiler) reduction(n *reduceNode) *code {
	var out *code
	c.inner(func() {
		ix := c.indexing(n.ix)
		body := c.number(n.body)
		if body.vars {
			out = c.functionReduction(n, ix, body)
			return
		}
		out = &code{p: n.p, kind: kindNumber, slot: -1}
		num, p, sc, op := body.num, n.p, c.scope, n.op
		out.num = func(in *instance) float64 {
			var r float64
			count := 0
			if op == "prod" {
				r = 1
			}
			ix.run(in, 0, func() bool {
				v := num(in)
				switch {
				case op == "sum":
					r = in.finite(r+v, p, sc, r, v)
				case op == "prod":
					r = in.finite(r*v, p, sc, r, v)
					if r == 0 {
						return false
					}
				case count == 0, op == "min" && v < r, op == "max" && v > r:
					r = v
				}
				count++
				return true
			})
			if count == 0 && (op == "min" || op == "max") {
				in.failScoped(p, sc.outside(ix), "the "+op+" over an empty set", "an indexing with a member")
			}
			return r
		}
	})
	return out
}

// outside is the scope without the dummy indices of an indexing.
func (s *scope) outside(ix *indexCode) *scope {
	for s != nil && s.slot >= ix.base {
		s = s.next
	}
	return s
}
