package modfile

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// builtin describes a function of the language.
type builtin struct {
	op       expr.Op
	f        func(float64) float64
	min, max int // arguments
}

// functions are the functions of the language. Those without op are on sets.
var functions = map[string]builtin{
	"abs": {expr.OpAbs, math.Abs, 1, 1}, "sqrt": {expr.OpSqrt, math.Sqrt, 1, 1}, "exp": {expr.OpExp, math.Exp, 1, 1},
	"log": {expr.OpLog, math.Log, 1, 1}, "log10": {expr.OpLog10, math.Log10, 1, 1},
	"sin": {expr.OpSin, math.Sin, 1, 1}, "cos": {expr.OpCos, math.Cos, 1, 1}, "tan": {expr.OpTan, math.Tan, 1, 1},
	"asin": {expr.OpAsin, math.Asin, 1, 1}, "acos": {expr.OpAcos, math.Acos, 1, 1}, "atan": {expr.OpAtan, math.Atan, 1, 1},
	"sinh": {expr.OpSinh, math.Sinh, 1, 1}, "cosh": {expr.OpCosh, math.Cosh, 1, 1}, "tanh": {expr.OpTanh, math.Tanh, 1, 1},
	"asinh": {expr.OpAsinh, math.Asinh, 1, 1}, "acosh": {expr.OpAcosh, math.Acosh, 1, 1}, "atanh": {expr.OpAtanh, math.Atanh, 1, 1},
	"floor": {expr.OpFloor, math.Floor, 1, 1}, "ceil": {expr.OpCeil, math.Ceil, 1, 1},
	"round": {expr.OpRound, nil, 1, 2}, "trunc": {expr.OpTrunc, nil, 1, 2},
	"atan2": {expr.OpAtan2, nil, 2, 2}, "precision": {expr.OpPrecision, nil, 2, 2},
	"min": {expr.OpMin, nil, 1, 1 << 30}, "max": {expr.OpMax, nil, 1, 1 << 30},
	"card": {expr.OpConst, nil, 1, 1}, "ord": {expr.OpConst, nil, 1, 2}, "first": {expr.OpConst, nil, 1, 1}, "last": {expr.OpConst, nil, 1, 1},
	"next": {expr.OpConst, nil, 1, 3}, "prev": {expr.OpConst, nil, 1, 3}, "member": {expr.OpConst, nil, 2, 2},
}

var functionNames = sortedNames(functions)

// call compiles the call of a function.
func (c *compiler) call(n *callNode) *code {
	fn := functions[n.fn]
	if len(n.args) < fn.min || len(n.args) > fn.max {
		c.fail(n.p, n.fn+" with "+plural(len(n.args), "argument"), argumentHint(fn))
	}
	if fn.op == expr.OpConst {
		return c.setFunction(n)
	}
	args := make([]*code, len(n.args))
	vars := false
	for k, a := range n.args {
		args[k] = c.number(a)
		vars = vars || args[k].vars
	}
	out := &code{p: n.p, kind: kindNumber, slot: -1, vars: vars}
	p, sc, name := n.p, c.scope, n.fn
	if vars {
		out.add = func(in *instance, acc *model.Accumulator, k float64) { in.addCall(acc, k, fn, n.fn, args, p, sc) }
		return out
	}
	switch {
	case fn.f != nil:
		f, a := fn.f, args[0].num
		out.num = func(in *instance) float64 {
			x := a(in)
			return in.outOfDomain(f(x), p, sc, name, x)
		}
	case fn.op == expr.OpMin, fn.op == expr.OpMax:
		least := fn.op == expr.OpMin
		out.num = func(in *instance) float64 {
			r := args[0].num(in)
			for _, a := range args[1:] {
				if v := a.num(in); (v < r) == least && v != r {
					r = v
				}
			}
			return r
		}
	default:
		out.num = func(in *instance) float64 {
			d := expr.New()
			var node expr.Node
			x := args[0].num(in)
			if len(args) == 1 {
				node = d.Unary(fn.op, d.Const(x))
			} else {
				node = d.Binary(fn.op, d.Const(x), d.Const(args[1].num(in)))
			}
			return in.outOfDomain(d.Eval(node, nil), p, sc, name, x)
		}
	}
	return out
}

// outOfDomain reports a function value that is not a finite number.
func (in *instance) outOfDomain(r float64, p pos, sc *scope, name string, x float64) float64 {
	if math.IsNaN(r) || math.IsInf(r, 0) && !math.IsInf(x, 0) {
		in.failScoped(p, sc, name+" of "+formatNumber(x)+" is not a finite number", "an argument inside of the domain of "+name)
	}
	return r
}

// addCall adds k times the call of a function of variables. Where all of them cancel it is a number, and has to be a finite one.
func (in *instance) addCall(acc *model.Accumulator, k float64, fn builtin, name string, args []*code, p pos, sc *scope) {
	d := in.m.DAG()
	nodes := make([]nodeID, len(args))
	number := true
	first := 0.0
	for i, a := range args {
		nodes[i] = in.node(a)
		v, ok := d.IsConst(nodes[i])
		number = number && ok
		if i == 0 {
			first = v
		}
	}
	var n nodeID
	switch {
	case fn.op == expr.OpMin:
		n = d.Min(nodes...)
	case fn.op == expr.OpMax:
		n = d.Max(nodes...)
	case len(nodes) == 1:
		n = d.Unary(fn.op, nodes[0])
	default:
		n = d.Binary(fn.op, nodes[0], nodes[1])
	}
	if number {
		acc.AddConst(k * in.outOfDomain(d.Eval(n, nil), p, sc, name, first))
		return
	}
	in.addNode(acc, k, n)
}

func argumentHint(fn builtin) string {
	switch {
	case fn.min == fn.max:
		return plural(fn.min, "argument")
	case fn.max > 1000:
		return "at least " + plural(fn.min, "argument")
	}
	return formatNumber(float64(fn.min)) + " to " + plural(fn.max, "argument")
}

// setFunction compiles card, ord, first, last, next, prev and member.
func (c *compiler) setFunction(n *callNode) *code {
	out := &code{p: n.p, kind: kindElement, slot: -1}
	p, sc := n.p, c.scope
	over := func(k int) *setCode {
		if k < len(n.args) {
			s := c.set(n.args[k])
			if n.fn != "card" && s.dim > 1 {
				c.fail(n.args[k].at(), n.fn+" in a set of tuples", "a set of single members")
			}
			return s
		}
		r, ok := n.args[0].(*refNode)
		if ok && !r.subscript {
			if b := c.scope.find(r.name); b != nil && b.over != nil {
				return b.over
			}
		}
		c.fail(p, n.fn+" without a set", "the set as second argument")
		return nil
	}
	switch n.fn {
	case "card":
		s := over(0)
		out.kind = kindNumber
		out.num = func(in *instance) float64 { return float64(s.eval(in).n) }
		return out
	case "first", "last":
		s := over(0)
		last := n.fn == "last"
		out.elem = func(in *instance) element {
			t := s.eval(in)
			if t.n == 0 {
				in.failScoped(p, sc, "the "+n.fn+" member of an empty set", "a set with a member")
			}
			if last {
				return t.at1(t.n - 1)
			}
			return t.at1(0)
		}
	case "member":
		k, s := c.constant(n.args[0], "member"), over(1)
		out.elem = func(in *instance) element {
			t, i := s.eval(in), k.num(in)
			if i != math.Trunc(i) || i < 1 || i > float64(t.n) {
				in.failScoped(p, sc, "member "+formatNumber(i)+" of a set of "+formatNumber(float64(t.n)), "a number from 1 to the size of the set")
			}
			return t.at1(int(i) - 1)
		}
	case "ord":
		e, s := c.element(n.args[0]), over(1)
		out.kind = kindNumber
		out.num = func(in *instance) float64 {
			return float64(in.position(s.eval(in), e.elem(in), p, sc) + 1)
		}
		return out
	default:
		e, s := c.element(n.args[0]), over(1)
		step := numberCode(p, 1)
		if len(n.args) == 3 {
			step = c.constant(n.args[2], n.fn)
		}
		sign := 1.0
		if n.fn == "prev" {
			sign = -1
		}
		circular := s.sym != nil && s.sym.has(attrCircular)
		out.elem = func(in *instance) element {
			t := s.eval(in)
			x := e.elem(in)
			i := float64(in.position(t, x, p, sc)) + sign*step.num(in)
			if circular && t.n > 0 {
				i = math.Mod(math.Mod(i, float64(t.n))+float64(t.n), float64(t.n))
			}
			if i != math.Trunc(i) || i < 0 || i >= float64(t.n) {
				in.failScoped(p, sc, "the set has no member "+n.fn+" to "+in.el.name(x), "a condition that leaves out the ends, or a circular set")
			}
			return t.at1(int(i))
		}
	}
	elem := out.elem
	out.num = func(in *instance) float64 { return in.number(elem(in), p) }
	return out
}

// position finds a member of an ordered set.
func (in *instance) position(t *table, e element, p pos, sc *scope) int {
	i := -1
	if t.n > 0 {
		i = t.find1(e)
	}
	if i < 0 {
		in.failScoped(p, sc, in.el.name(e)+" is not a member of the set", "a member of the set")
	}
	return i
}

// has reports whether a symbol was declared with an attribute.
func (s *symbol) has(k attributeKind) bool {
	for _, a := range s.parts[0].attrs {
		if a.kind == k {
			return true
		}
	}
	return false
}
