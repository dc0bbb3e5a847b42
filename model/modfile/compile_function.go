package modfile

import (
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// nodeID is a node of the model's expression graph.
type nodeID = expr.Node

// function evaluates an expression as a function of the variables.
func (in *instance) function(e *code) model.Function {
	if !e.vars {
		return model.Function{Const: e.num(in)}
	}
	acc := in.accumulator()
	e.add(in, acc, 1)
	f := acc.Function()
	in.release(acc)
	return f
}

// node evaluates an expression as a node of the model's expression graph.
func (in *instance) node(e *code) nodeID {
	if !e.vars {
		return in.m.DAG().Const(e.num(in))
	}
	return in.nodeOf(in.function(e))
}

// nodeOf is a function as a node.
func (in *instance) nodeOf(f model.Function) nodeID {
	in.charge(len(f.Vars) + len(f.Quad))
	return in.m.Node(f)
}

// accumulator returns an empty accumulator; release gives it back.
func (in *instance) accumulator() *model.Accumulator {
	if n := len(in.accs); n > 0 {
		acc := in.accs[n-1]
		in.accs = in.accs[:n-1]
		acc.Reset()
		return acc
	}
	return in.m.Accumulator()
}

func (in *instance) release(acc *model.Accumulator) { in.accs = append(in.accs, acc) }

// addNode adds k*n, with the affine and quadratic parts of n taken apart.
func (in *instance) addNode(acc *model.Accumulator, k float64, n nodeID) {
	switch in.m.DAG().Op(n) {
	case expr.OpConst, expr.OpVar, expr.OpSum, expr.OpMul, expr.OpPow:
		acc.AddFunction(k, in.m.FromNode(n))
	default:
		acc.AddNode(k, n)
	}
}

// variable compiles the value of a variable.
func (c *compiler) variable(n *refNode, s *symbol) *code {
	subs := c.subscripts(n, s)
	p, sc := n.p, c.scope
	out := &code{p: p, kind: kindNumber, slot: -1}
	if s.order >= c.order && !(s.defined && c.part != nil && c.part.sym == s) { // a defined variable may be recursive
		_, line, _, _ := c.f.src.locate(s.pos)
		c.fail(p, "the variable '"+s.name+"' is declared later, in line "+formatNumber(float64(line)), "the declaration of a variable before its first use")
	}
	if c.values {
		out.num = func(in *instance) float64 {
			var buf [8]element
			return in.startValue(s, append([]element(nil), in.key(buf[:0], subs)...), p, sc)
		}
		return out
	}
	c.mentions = append(c.mentions, mention{s, p})
	out.vars = true
	if s.defined {
		if s.duals {
			c.duals = p
		}
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			var buf [8]element
			f := in.defined(s, append([]element(nil), in.key(buf[:0], subs)...), p, sc)
			in.charge(len(f.Vars) + len(f.Quad))
			acc.AddFunction(k, f)
		}
		return out
	}
	switch len(subs) {
	case 0:
		out.index = func(in *instance) int { return in.vars[s.id].first }
	case 1:
		a := subs[0].elem
		out.index = func(in *instance) int {
			e := a(in)
			v := &in.vars[s.id]
			if i := v.dom.find1(e); i >= 0 {
				return v.at(i)
			}
			return in.noMember(s, []element{e}, p, sc)
		}
	case 2:
		a, b := subs[0].elem, subs[1].elem
		out.index = func(in *instance) int {
			e, g := a(in), b(in)
			v := &in.vars[s.id]
			if i := v.dom.find2(e, g); i >= 0 {
				return v.at(i)
			}
			return in.noMember(s, []element{e, g}, p, sc)
		}
	default:
		out.index = func(in *instance) int {
			var buf [8]element
			key := in.key(buf[:0], subs)
			v := &in.vars[s.id]
			if i := v.dom.find(key); i >= 0 {
				return v.at(i)
			}
			return in.noMember(s, append([]element(nil), key...), p, sc)
		}
	}
	index := out.index
	out.add = func(in *instance, acc *model.Accumulator, k float64) { acc.AddTerm(k, index(in)) }
	return out
}

// suffixed compiles NAME.dual.
func (c *compiler) suffixed(n *refNode) *code {
	if n.suffix != "dual" {
		c.fail(n.suffixPos, "the suffix '."+shorten(n.suffix)+"' has no value in an expression", "'.dual'")
	}
	s := c.f.symbols[n.name]
	if s == nil {
		c.fail(n.p, "there is no constraint '"+shorten(n.name)+"'", "a constraint of a follower that is declared before"+c.f.similar(n.name))
	}
	if s.kind != declConstraint {
		c.fail(n.p, "'"+s.name+"' is "+article(s.kind)+", which has no dual", "a constraint of a follower")
	}
	if s.order >= c.order {
		_, line, _, _ := c.f.src.locate(s.pos)
		c.fail(n.p, "the constraint '"+s.name+"' is declared later, in line "+formatNumber(float64(line)), "the declaration of a constraint before the use of its dual")
	}
	for _, pt := range s.parts {
		if pt.player == 0 {
			c.fail(n.p, "'"+s.name+"' is a constraint of the leader", "a constraint of a follower: only its multiplier is known to the leader")
		}
		if pt.pair {
			c.fail(n.p, "'"+s.name+"' is a complementarity condition, which has no dual", "a constraint of a follower")
		}
	}
	if c.values {
		c.fail(n.p, "the dual of '"+s.name+"' in a command", "its use in the leader's objective or constraints")
	}
	plain := *n
	plain.suffix = ""
	subs := c.subscripts(&plain, s)
	p, sc := n.p, c.scope
	c.duals = p
	out := &code{p: p, kind: kindNumber, slot: -1, vars: true}
	out.index = func(in *instance) int {
		var buf [8]element
		key := in.key(buf[:0], subs)
		st := &in.rows[s.id]
		i := -1
		if st.dom != nil {
			i = st.dom.find(key)
		}
		if i < 0 {
			return in.noMember(s, append([]element(nil), key...), p, sc)
		}
		return in.dual(st.at(i))
	}
	index := out.index
	out.add = func(in *instance, acc *model.Accumulator, k float64) { acc.AddTerm(k, index(in)) }
	return out
}

// functionOperation compiles an operation with variables in it.
func (c *compiler) functionOperation(n *binaryNode, x, y *code) *code {
	out := &code{p: n.p, kind: kindNumber, slot: -1, vars: true}
	p, sc := n.p, c.scope
	switch n.op {
	case opMul:
		switch {
		case !x.vars:
			a, add := x.num, y.add
			out.add = func(in *instance, acc *model.Accumulator, k float64) {
				if v := a(in); v != 0 {
					add(in, acc, in.coefficient(k*v, p, sc))
				}
			}
		case !y.vars:
			add, b := x.add, y.num
			out.add = func(in *instance, acc *model.Accumulator, k float64) {
				if v := b(in); v != 0 {
					add(in, acc, in.coefficient(k*v, p, sc))
				}
			}
		case x.index != nil && y.index != nil:
			out.add = func(in *instance, acc *model.Accumulator, k float64) { acc.AddProduct(k, x.index(in), y.index(in)) }
		default:
			out.add = func(in *instance, acc *model.Accumulator, k float64) {
				f := in.function(x)
				if f.IsConst() && f.Const == 0 {
					return
				}
				g := in.function(y)
				in.chargeProduct(p, len(f.Vars)+1, len(g.Vars)+1)
				acc.AddFactors(k, f, g)
			}
		}
	case opDiv:
		if !y.vars {
			add, b := x.add, y.num
			out.add = func(in *instance, acc *model.Accumulator, k float64) {
				v := b(in)
				if v == 0 {
					in.failScoped(p, sc, "division by zero", "a divisor other than 0")
				}
				add(in, acc, in.coefficient(k/v, p, sc))
			}
			break
		}
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			f, g := in.function(x), in.function(y)
			if g.IsConst() && g.Const == 0 {
				in.failScoped(p, sc, "division by zero", "a divisor other than 0")
			}
			acc.AddDiv(k, f, g)
		}
	case opPow:
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			f, g := in.function(x), in.function(y)
			if f.IsConst() && g.IsConst() {
				acc.AddConst(k * in.power(f.Const, g.Const, p, sc))
				return
			}
			if g.IsConst() && g.Const == 2 {
				in.chargeProduct(p, len(f.Vars)+1, len(f.Vars)+1)
			}
			acc.AddPow(k, f, g)
		}
	default:
		op := map[operator]expr.Op{opLess: expr.OpLess, opIntDiv: expr.OpIntDiv, opMod: expr.OpMod}[n.op]
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			f, g := in.function(x), in.function(y)
			if g.IsConst() && g.Const == 0 && n.op != opLess {
				in.failScoped(p, sc, "division by zero", "a divisor other than 0")
			}
			in.addNode(acc, k, in.m.DAG().Binary(op, in.nodeOf(f), in.nodeOf(g)))
		}
	}
	return out
}

// coefficient reports a factor that is not finite.
func (in *instance) coefficient(k float64, p pos, sc *scope) float64 {
	if k-k != 0 {
		in.failScoped(p, sc, "a coefficient of "+formatNumber(k), "finite numbers")
	}
	return k
}

// functionConditional compiles if with variables in it.
func (c *compiler) functionConditional(n *ifNode, cond, then, els *code) *code {
	out := &code{p: n.p, kind: kindNumber, slot: -1, vars: true}
	for _, e := range []*code{then, els} {
		if e.kind == kindSymbolic {
			c.fail(e.p, "a string where a number is needed", "a number")
		}
		if e.num == nil && !e.vars {
			e.num = c.asNumber(e)
		}
	}
	a, b := adder(then), adder(els)
	if !cond.vars {
		test := cond.cond
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			if test(in) {
				a(in, acc, k)
			} else {
				b(in, acc, k)
			}
		}
		return out
	}
	out.add = func(in *instance, acc *model.Accumulator, k float64) {
		in.addNode(acc, k, in.m.DAG().If(cond.node(in), in.node(then), in.node(els)))
	}
	return out
}

// functionReduction compiles sum, prod, min and max with variables in the body.
func (c *compiler) functionReduction(n *reduceNode, ix *indexCode, body *code) *code {
	out := &code{p: n.p, kind: kindNumber, slot: -1, vars: true}
	p, sc := n.p, c.scope
	switch n.op {
	case "sum":
		add := body.add
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			ix.run(in, 0, func() bool {
				add(in, acc, k)
				return true
			})
		}
	case "prod":
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			f := model.Function{Const: 1}
			ix.run(in, 0, func() bool {
				part, g := in.accumulator(), in.function(body)
				in.chargeProduct(p, len(f.Vars)+1, len(g.Vars)+1)
				part.AddFactors(1, f, g)
				f = part.Function()
				in.release(part)
				return !f.IsConst() || f.Const != 0
			})
			acc.AddFunction(k, f)
		}
	default:
		least := n.op == "min"
		out.add = func(in *instance, acc *model.Accumulator, k float64) {
			var list []nodeID
			ix.run(in, 0, func() bool {
				list = append(list, in.node(body))
				return true
			})
			if len(list) == 0 {
				in.failScoped(p, sc.outside(ix), "the "+n.op+" over an empty set", "an indexing with a member")
			}
			if least {
				in.addNode(acc, k, in.m.DAG().Min(list...))
			} else {
				in.addNode(acc, k, in.m.DAG().Max(list...))
			}
		}
	}
	return out
}
