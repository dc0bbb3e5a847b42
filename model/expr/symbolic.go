package expr

import (
	"cmp"
	"fmt"
	"slices"
)

// Derivative returns the derivative of n with respect to variable v.
func (d *DAG) Derivative(n Node, v int) Node { return d.Gradient(n, []int{v})[0] }

// Gradient returns the derivatives of n with respect to the variables vars, in that
// order; a variable that does not occur in n gives the constant 0.
//
// It is one reverse sweep over the nodes below n: the results share
// subexpressions among each other and with n, and the number of new nodes is a
// small multiple of the nodes swept. Selections (if, min, max, less) are
// differentiated branch by branch, so that "if x > 0 then sqrt(x)" has the
// derivative "if x > 0 then 0.5/sqrt(x)" and not a product of 0 and NaN.
func (d *DAG) Gradient(n Node, vars []int) []Node {
	out := make([]Node, len(vars))
	g := newSweep(d, vars)
	defer g.walker.release()
	defer g.state.release()
	for _, p := range g.gradient(n) {
		out[p.place] = p.node
	}
	for k, v := range vars { // a variable asked for twice
		out[k] = out[g.place[v]]
	}
	return out
}

// partial is a derivative with respect to the variable at a place in the list asked for.
type partial struct {
	place int32
	node  Node
}

// contribution is one summand coef*node of an adjoint; next chains those of one node.
type contribution struct {
	coef float64
	node Node
	next int32
}

// sweep holds the state of a symbolic reverse sweep.
type sweep struct {
	d      *DAG
	walker *scratch
	place  map[int]int32 // variable -> first place in the list asked for

	state      *scratch           // owns the arrays that pos and head are
	pos        []int32            // node -> its index in active
	active     []bool             // whether a node depends on a variable asked for
	selections map[Node][]partial // gradients of the selections met so far
	head       []int32            // node -> first contribution plus one; zeros between regions
	list       []contribution

	coefs []float64
	nodes []Node
}

func newSweep(d *DAG, vars []int) *sweep {
	g := &sweep{
		d: d, walker: acquire(d), state: acquire(d),
		place:      make(map[int]int32, len(vars)),
		selections: make(map[Node][]partial),
	}
	for k, v := range vars {
		if _, ok := g.place[v]; !ok {
			g.place[v] = int32(k)
		}
	}
	return g
}

// gradient differentiates root: first each selection below it, from the bottom up,
// then root itself, with the selections as leaves whose gradients are known.
func (g *sweep) gradient(root Node) []partial {
	d := g.d
	order := g.walker.walk(d, root)
	g.pos = g.state.positions(d, order)
	g.head = g.state.chains(d)
	g.active = make([]bool, len(order))
	var selections []Node
	for k, n := range order {
		r := &d.nodes[n]
		active := false
		switch {
		case r.op == OpVar:
			_, active = g.place[int(r.arg)]
		case r.op == OpIf:
			args := d.Args(n)
			active = g.depends(args[1]) || g.depends(args[2])
		case !r.op.isFlat():
			for _, a := range d.Args(n) {
				active = active || g.depends(a)
			}
		}
		if active {
			g.active[k] = true
			if r.op.isSelection() {
				selections = append(selections, n)
			}
		}
	}
	for _, n := range selections {
		g.selections[n] = g.selection(n)
	}
	return g.region(root)
}

// depends reports whether n, one of the nodes walked, depends on a variable asked for.
func (g *sweep) depends(n Node) bool { return g.active[g.pos[n]] }

// region is a reverse sweep from root down to variables and selections.
func (g *sweep) region(root Node) []partial {
	d := g.d
	if !g.depends(root) {
		return nil
	}
	if d.nodes[root].op.isSelection() {
		if known, ok := g.selections[root]; ok {
			return known
		}
	}
	g.walker.fit(d)
	order := g.walker.walkUntil(d, func(n Node) bool { return !g.depends(n) || d.nodes[n].op.isSelection() }, root)
	g.list = g.list[:0]
	g.push(root, 1, d.Const(1))
	var out []partial
	totals := make(map[int32][]Node) // variables reached through selections
	for k := len(order) - 1; k >= 0; k-- {
		n := order[k]
		first := g.head[n]
		if first == 0 {
			continue
		}
		g.head[n] = 0
		adjoint := g.collect(first)
		if adjoint == 0 {
			continue
		}
		if d.nodes[n].op.isSelection() {
			for _, p := range g.selections[n] {
				totals[p.place] = append(totals[p.place], d.Mul(adjoint, p.node))
			}
			continue
		}
		if v := d.VarIndex(n); v >= 0 {
			place := g.place[v]
			out = append(out, partial{place, adjoint})
			continue
		}
		g.pushArgs(n, adjoint)
	}
	for k := range out {
		if extra, ok := totals[out[k].place]; ok {
			out[k].node = d.Sum(append(extra, out[k].node)...)
			delete(totals, out[k].place)
		}
	}
	for _, place := range sortedKeys(totals) {
		out = append(out, partial{place, d.Sum(totals[place]...)})
	}
	slices.SortFunc(out, func(a, b partial) int { return cmp.Compare(a.place, b.place) })
	return out
}

func sortedKeys(m map[int32][]Node) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// push adds coef*node to the adjoint of n.
func (g *sweep) push(n Node, coef float64, node Node) {
	if node == 0 || coef == 0 || !g.depends(n) {
		return
	}
	g.list = append(g.list, contribution{coef, node, g.head[n]})
	g.head[n] = int32(len(g.list))
}

// collect returns the sum of the contributions chained from first, as one node:
// adding them one by one would take quadratic time.
func (g *sweep) collect(first int32) Node {
	g.coefs, g.nodes = g.coefs[:0], g.nodes[:0]
	for k := first; k != 0; k = g.list[k-1].next {
		g.coefs = append(g.coefs, g.list[k-1].coef)
		g.nodes = append(g.nodes, g.list[k-1].node)
	}
	return g.d.Linear(0, g.coefs, g.nodes)
}

// selection differentiates n, whose operation passes one of its arguments through.
func (g *sweep) selection(n Node) []partial {
	d := g.d
	args := slices.Clone(d.Args(n))
	switch d.Op(n) {
	case OpIf:
		return g.choose(args[0], g.region(args[1]), g.region(args[2]))
	case OpLess:
		return g.choose(d.Binary(OpLE, args[1], args[0]), g.combine(1, g.region(args[0]), -1, g.region(args[1])), nil)
	}
	if len(args) == 2 {
		first := d.Binary(OpLE, args[0], args[1])
		if d.Op(n) == OpMax {
			first = d.Binary(OpGE, args[0], args[1])
		}
		return g.choose(first, g.region(args[0]), g.region(args[1]))
	}
	// Argument i is selected if it is strictly better than all before it and not
	// worse than all behind it.
	strict, weak, join := OpLT, OpLE, d.Min
	if d.Op(n) == OpMax {
		strict, weak, join = OpGT, OpGE, d.Max
	}
	behind := make([]Node, len(args))
	behind[len(args)-1] = args[len(args)-1]
	for k := len(args) - 2; k >= 0; k-- {
		behind[k] = join(args[k], behind[k+1])
	}
	var out []partial
	before := args[0]
	for k, a := range args {
		var cond Node
		switch k {
		case 0:
			cond = d.Binary(weak, a, behind[1])
		case len(args) - 1:
			cond = d.Binary(strict, a, before)
		default:
			cond = d.Binary(OpAnd, d.Binary(strict, a, before), d.Binary(weak, a, behind[k+1]))
		}
		if k > 0 {
			before = join(before, a)
		}
		for _, p := range g.region(a) {
			out = append(out, partial{p.place, d.If(cond, p.node, 0)})
		}
	}
	return g.merge(out)
}

// merge adds up the partials of each variable.
func (g *sweep) merge(list []partial) []partial {
	slices.SortStableFunc(list, func(a, b partial) int { return cmp.Compare(a.place, b.place) })
	out := list[:0]
	for k := 0; k < len(list); {
		place := list[k].place
		g.nodes = g.nodes[:0]
		for ; k < len(list) && list[k].place == place; k++ {
			g.nodes = append(g.nodes, list[k].node)
		}
		out = append(out, partial{place, g.d.Sum(g.nodes...)})
	}
	return out
}

// choose returns "if cond then a else b" for each variable.
func (g *sweep) choose(cond Node, a, b []partial) []partial {
	return join(a, b, func(x, y Node) Node { return g.d.If(cond, x, y) })
}

// combine returns ca*a + cb*b.
func (g *sweep) combine(ca float64, a []partial, cb float64, b []partial) []partial {
	return join(a, b, func(x, y Node) Node { return g.d.Linear(0, []float64{ca, cb}, []Node{x, y}) })
}

func join(a, b []partial, f func(x, y Node) Node) []partial {
	var out []partial
	for len(a) > 0 || len(b) > 0 {
		var p partial
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].place < b[0].place:
			p = partial{a[0].place, f(a[0].node, 0)}
			a = a[1:]
		case len(a) == 0 || b[0].place < a[0].place:
			p = partial{b[0].place, f(0, b[0].node)}
			b = b[1:]
		default:
			p = partial{a[0].place, f(a[0].node, b[0].node)}
			a, b = a[1:], b[1:]
		}
		if p.node != 0 {
			out = append(out, p)
		}
	}
	return out
}

// pushArgs distributes the adjoint of n to its arguments.
func (g *sweep) pushArgs(n, adjoint Node) {
	d := g.d
	args := slices.Clone(d.Args(n)) // d grows below
	a := args[0]
	c := d.Const
	switch d.Op(n) {
	case OpSum:
		coefs := slices.Clone(d.Coefs(n))
		for k, a := range args {
			g.push(a, coefs[k], adjoint)
		}
	case OpMul:
		g.pushFactors(args, adjoint)
	case OpDiv:
		q := d.Div(adjoint, args[1])
		g.push(a, 1, q)
		if g.depends(args[1]) {
			g.push(args[1], -1, d.Mul(q, n))
		}
	case OpPow:
		g.pushPower(n, a, args[1], adjoint)
	case OpAtan2:
		sum := d.Add(d.Square(a), d.Square(args[1]))
		q := d.Div(adjoint, sum)
		g.push(a, 1, d.Mul(q, args[1]))
		g.push(args[1], -1, d.Mul(q, a))
	case OpMod:
		g.push(a, 1, adjoint)
		g.push(args[1], -1, d.Mul(adjoint, d.Binary(OpIntDiv, a, args[1])))
	case OpAbs:
		g.push(a, 1, d.Mul(adjoint, d.If(d.Binary(OpGE, a, 0), c(1), c(-1))))
	default:
		coef, factor, divide := d.unaryDerivative(n, a)
		if divide {
			g.push(a, coef, d.Div(adjoint, factor))
		} else {
			g.push(a, coef, d.Mul(adjoint, factor))
		}
	}
}

// pushFactors gives each factor the product of the others, from prefix and suffix
// products so that the work is linear.
func (g *sweep) pushFactors(args []Node, adjoint Node) {
	d := g.d
	suffix := make([]Node, len(args)+1)
	suffix[len(args)] = d.Const(1)
	for k := len(args) - 1; k > 0; k-- {
		suffix[k] = d.Mul(args[k], suffix[k+1])
	}
	prefix := adjoint
	for k, a := range args {
		if g.depends(a) {
			g.push(a, 1, d.Mul(prefix, suffix[k+1]))
		}
		prefix = d.Mul(prefix, a)
	}
}

// pushPower differentiates n = base^exponent.
func (g *sweep) pushPower(n, base, exponent, adjoint Node) {
	d := g.d
	if k, ok := d.IsConst(exponent); ok {
		g.push(base, k, d.Mul(adjoint, d.Pow(base, d.Const(k-1))))
		return
	}
	if g.depends(base) {
		g.push(base, 1, d.Product(adjoint, exponent, d.Pow(base, d.Linear(-1, nil, []Node{exponent}))))
	}
	if g.depends(exponent) {
		g.push(exponent, 1, d.Product(adjoint, n, d.Unary(OpLog, base)))
	}
}

// unaryDerivative returns the derivative of n = op(a) as coef*factor or coef/factor.
func (d *DAG) unaryDerivative(n, a Node) (coef float64, factor Node, divide bool) {
	onePlus := func(s float64, b Node) Node { return d.Linear(1, []float64{s}, []Node{d.Square(b)}) }
	root := func(b Node) Node { return d.Unary(OpSqrt, b) }
	switch op := d.Op(n); op {
	case OpSqrt:
		return 0.5, n, true
	case OpExp:
		return 1, n, false
	case OpLog:
		return 1, a, true
	case OpLog10:
		return log10e, a, true
	case OpSin:
		return 1, d.Unary(OpCos, a), false
	case OpCos:
		return -1, d.Unary(OpSin, a), false
	case OpTan:
		return 1, onePlus(1, n), false
	case OpAsin:
		return 1, root(onePlus(-1, a)), true
	case OpAcos:
		return -1, root(onePlus(-1, a)), true
	case OpAtan:
		return 1, onePlus(1, a), true
	case OpSinh:
		return 1, d.Unary(OpCosh, a), false
	case OpCosh:
		return 1, d.Unary(OpSinh, a), false
	case OpTanh:
		return 1, onePlus(-1, n), false
	case OpAsinh:
		return 1, root(onePlus(1, a)), true
	case OpAcosh:
		return 1, root(d.Linear(-1, nil, []Node{d.Square(a)})), true
	case OpAtanh:
		return 1, onePlus(-1, a), true
	default:
		panic(fmt.Sprintf("expr: no derivative for %v", op))
	}
}

// log10e is the derivative of log10 at 1.
const log10e = 0.43429448190325182765
