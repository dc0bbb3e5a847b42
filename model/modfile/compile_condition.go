package modfile

import "github.com/gobilevel/bilevel/model/expr"

func (c *compiler) negation(n *unaryNode) *code {
	x := c.conditionCode(n.x)
	out := &code{p: n.p, kind: kindCondition, slot: -1, vars: x.vars}
	if x.vars {
		out.node = func(in *instance) nodeID { return in.m.DAG().Not(x.node(in)) }
		return out
	}
	cond := x.cond
	out.cond = func(in *instance) bool { return !cond(in) }
	return out
}

// conditionNode returns a condition as a node of the model's expression graph.
func (in *instance) conditionNode(e *code) nodeID {
	if e.vars {
		return e.node(in)
	}
	if e.cond(in) {
		return in.m.DAG().Const(1)
	}
	return 0
}

// junction compiles and, or.
func (c *compiler) junction(n *binaryNode) *code {
	x, y := c.conditionCode(n.x), c.conditionCode(n.y)
	out := &code{p: n.p, kind: kindCondition, slot: -1, vars: x.vars || y.vars}
	if out.vars {
		op := expr.OpAnd
		if n.op == opOr {
			op = expr.OpOr
		}
		out.node = func(in *instance) nodeID {
			return in.m.DAG().Binary(op, in.conditionNode(x), in.conditionNode(y))
		}
		return out
	}
	a, b := x.cond, y.cond
	if n.op == opAnd {
		out.cond = func(in *instance) bool { return a(in) && b(in) }
	} else {
		out.cond = func(in *instance) bool { return a(in) || b(in) }
	}
	return out
}

var comparisonNodes = map[operator]expr.Op{opLT: expr.OpLT, opLE: expr.OpLE, opEQ: expr.OpEQ, opNE: expr.OpNE, opGE: expr.OpGE, opGT: expr.OpGT}

// comparison compiles = <> < <= >= >.
func (c *compiler) comparison(n *binaryNode) *code {
	x, y := c.compile(n.x), c.compile(n.y)
	for _, e := range []*code{x, y} {
		if e.kind > kindElement {
			c.fail(e.p, e.kind.String()+" in a comparison", "a number or string (sets are compared by 'within')")
		}
	}
	out := &code{p: n.p, kind: kindCondition, slot: -1, vars: x.vars || y.vars}
	op, p := n.op, n.p
	if out.vars {
		c.number(n.x)
		c.number(n.y)
		out.node = func(in *instance) nodeID {
			return in.m.DAG().Binary(comparisonNodes[op], in.node(x), in.node(y))
		}
		return out
	}
	if x.kind == kindNumber && y.kind == kindNumber {
		out.cond = compareNumbers(op, x.num, y.num)
		return out
	}
	if op == opEQ || op == opNE {
		if x.kind == kindNumber {
			x, y = y, x
		}
		if y.kind == kindNumber { // numbers are compared as such, so that no element is made of them
			elem, num := x.elem, y.num
			out.cond = func(in *instance) bool {
				v, ok := in.el.num(elem(in))
				return (ok && v == num(in)) == (op == opEQ)
			}
			return out
		}
	}
	a, b := c.asElement(x).elem, c.asElement(y).elem
	switch op {
	case opEQ:
		out.cond = func(in *instance) bool { return a(in) == b(in) }
	case opNE:
		out.cond = func(in *instance) bool { return a(in) != b(in) }
	default:
		out.cond = func(in *instance) bool { return in.compare(op, a(in), b(in), p) }
	}
	return out
}

func compareNumbers(op operator, a, b func(*instance) float64) func(in *instance) bool {
	switch op {
	case opLT:
		return func(in *instance) bool { return a(in) < b(in) }
	case opLE:
		return func(in *instance) bool { return a(in) <= b(in) }
	case opEQ:
		return func(in *instance) bool { return a(in) == b(in) }
	case opNE:
		return func(in *instance) bool { return a(in) != b(in) }
	case opGE:
		return func(in *instance) bool { return a(in) >= b(in) }
	}
	return func(in *instance) bool { return a(in) > b(in) }
}

// compare orders two elements: numbers by value, strings by their bytes.
func (in *instance) compare(op operator, x, y element, p pos) bool {
	a, b := in.el.value(x), in.el.value(y)
	if a.number != b.number {
		in.fail(p, "a comparison of "+in.el.name(x)+" with "+in.el.name(y), "two numbers or two strings")
	}
	less, same := a.num < b.num, a.num == b.num
	if !a.number {
		less, same = a.text < b.text, a.text == b.text
	}
	switch op {
	case opLT:
		return less
	case opLE:
		return less || same
	case opGE:
		return !less
	}
	return !less && !same
}

// quantifier compiles exists and forall.
func (c *compiler) quantifier(n *reduceNode) *code {
	out := &code{p: n.p, kind: kindCondition, slot: -1}
	c.inner(func() {
		ix := c.indexing(n.ix)
		body := c.condition(n.body)
		exists := n.op == "exists"
		out.cond = func(in *instance) bool {
			found := !exists
			ix.run(in, 0, func() bool {
				if body(in) == exists {
					found = exists
					return false
				}
				return true
			})
			return found
		}
	})
	return out
}

// membership compiles x in S and S within T.
func (c *compiler) membership(n *inNode) *code {
	set := c.set(n.set)
	x := c.compile(n.x)
	out := &code{p: n.p, kind: kindCondition, slot: -1}
	not := n.not
	if n.within {
		if x.kind != kindSet {
			c.fail(n.x.at(), x.kind.String()+" before 'within'", "a set, or 'in' for a member")
		}
		c.sameDimension(n.p, x.set, set)
		sub := x.set
		out.cond = func(in *instance) bool { return in.within(sub, set) != not }
		return out
	}
	switch x.kind {
	case kindNumber, kindSymbolic, kindElement:
		if x.vars {
			c.fail(n.x.at(), "a variable before 'in'", "an expression of numbers, strings and parameters")
		}
		if set.dim > 1 {
			c.fail(n.x.at(), "a single value in a set of tuples of "+formatNumber(float64(set.dim)), "a tuple such as ("+subscriptHint(set.dim)+")")
		}
		elem := c.asElement(x).elem
		out.cond = func(in *instance) bool {
			var buf [1]element
			buf[0] = elem(in)
			return set.contains(in, buf[:]) != not
		}
	case kindTuple:
		if set.dim >= 0 && set.dim != len(x.tuple) {
			c.fail(n.x.at(), "a tuple of "+plural(len(x.tuple), "component")+" in a set whose members have "+formatNumber(float64(set.dim)), "")
		}
		tuple := x.tuple
		out.cond = func(in *instance) bool {
			var buf [8]element
			return set.contains(in, in.key(buf[:0], tuple)) != not
		}
	default:
		c.fail(n.x.at(), x.kind.String()+" before 'in'", "a number, a string or a tuple")
	}
	return out
}
