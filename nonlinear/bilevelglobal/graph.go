package bilevelglobal

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
)

// kind is how a node of a graph is made of others.
type kind uint8

const (
	variable kind = iota
	constant
	sum     // constant + Σ coefs args
	product // of two
	quotient
	curve // a smooth function of one argument
	leaf  // anything else: known by its interval over the box of the variables only
)

// node is an operation of a graph. Its arguments stand before it.
type node struct {
	kind  kind
	index int // of a variable
	value float64
	coefs []float64
	args  []int
	curve *univariate
	tape  *expr.Tape // of a leaf
	ws    *expr.Workspace
}

// graph is a set of functions written in operations of at most two arguments, for contraction and for linear relaxation. Each function is shared
// with the others as far as they have operations in common.
type graph struct {
	nodes  []node
	place  map[expr.Node]int
	curves map[curveKey]*univariate
	vars   []int // node of each variable, -1 where it does not occur
}

func newGraph(n int) *graph {
	g := &graph{place: map[expr.Node]int{}, curves: map[curveKey]*univariate{}, vars: make([]int, n)}
	for j := range g.vars {
		g.vars[j] = len(g.nodes)
		g.nodes = append(g.nodes, node{kind: variable, index: j})
	}
	return g
}

// add appends the function n of d and returns its node.
func (g *graph) add(d *expr.DAG, n expr.Node) int {
	if k, ok := g.place[n]; ok {
		return k
	}
	k := g.build(d, n)
	g.place[n] = k
	return k
}

func (g *graph) push(n node) int {
	g.nodes = append(g.nodes, n)
	return len(g.nodes) - 1
}

func (g *graph) build(d *expr.DAG, n expr.Node) int {
	op, args := d.Op(n), d.Args(n)
	each := func() []int {
		out := make([]int, len(args))
		for i, a := range args {
			out[i] = g.add(d, a)
		}
		return out
	}
	switch {
	case op == expr.OpVar:
		return g.vars[d.VarIndex(n)]
	case op == expr.OpConst:
		return g.push(node{kind: constant, value: d.Value(n)})
	case op == expr.OpSum:
		a := each()
		return g.push(node{kind: sum, value: d.Value(n), coefs: d.Coefs(n), args: a})
	case op == expr.OpMul:
		a := each()
		k := a[0]
		for _, b := range a[1:] {
			k = g.push(node{kind: product, args: []int{k, b}})
		}
		return k
	case op == expr.OpDiv:
		return g.push(node{kind: quotient, args: each()})
	case op == expr.OpPow:
		if p, ok := d.IsConst(args[1]); ok {
			return g.push(node{kind: curve, curve: g.curve(op, p), args: []int{g.add(d, args[0])}})
		}
	case op == expr.OpAbs || op.IsUnary() && op.IsSmooth():
		return g.push(node{kind: curve, curve: g.curve(op, 0), args: each()})
	}
	t := d.Compile([]expr.Node{n})
	return g.push(node{kind: leaf, tape: t, ws: t.NewWorkspace()})
}

func (g *graph) curve(op expr.Op, p float64) *univariate {
	key := curveKey{op, p}
	u := g.curves[key]
	if u == nil {
		u = newUnivariate(key)
		g.curves[key] = u
	}
	return u
}

// forward stores the intervals of all nodes over the box.
func (g *graph) forward(box, vals []expr.Interval) {
	var out [1]expr.Interval
	for k := range g.nodes {
		n := &g.nodes[k]
		switch n.kind {
		case variable:
			vals[k] = box[n.index]
		case constant:
			vals[k] = expr.Point(n.value)
		case sum:
			s := expr.Point(n.value)
			for i, a := range n.args {
				s = s.Add(vals[a].Scale(n.coefs[i]))
			}
			vals[k] = s
		case product:
			vals[k] = vals[n.args[0]].Mul(vals[n.args[1]])
		case quotient:
			vals[k] = vals[n.args[0]].Div(vals[n.args[1]])
		case curve:
			vals[k], _, _ = n.curve.over(vals[n.args[0]], false)
		case leaf:
			n.tape.Intervals(n.ws, box, out[:])
			vals[k] = out[0]
		}
	}
}

// side says that a node has to be in an interval.
type side struct {
	node int
	in   expr.Interval
}

// revise narrows the box by the sides once: intervals go up, are cut, and go down again through the inverses of the operations. It reports
// whether anything is left. vals holds the intervals of the nodes afterwards.
//
// Source: Benhamou, Goualard, Granvilliers, Puget, Revising hull and box consistency, ICLP 1999.
func (g *graph) revise(box, vals []expr.Interval, sides []side) bool {
	g.forward(box, vals)
	for _, s := range sides {
		if !meet(&vals[s.node], s.in) {
			return false
		}
	}
	for k := len(g.nodes) - 1; k >= 0; k-- {
		n, y := &g.nodes[k], vals[k]
		if n.kind == leaf {
			continue // in a branch of a selection that is not taken nothing need have a value
		}
		if y.IsEmpty() {
			return false
		}
		ok := true
		switch n.kind {
		case variable:
			ok = meet(&box[n.index], y)
			vals[k] = box[n.index]
		case sum:
			ok = g.downSum(n, y, vals)
		case product:
			a, b := n.args[0], n.args[1]
			ok = meet(&vals[a], inverseProduct(y, vals[b])) && meet(&vals[b], inverseProduct(y, vals[a]))
		case quotient:
			a, b := n.args[0], n.args[1]
			ok = meet(&vals[a], y.Mul(vals[b])) && meet(&vals[b], inverseProduct(vals[a], y))
		case curve:
			ok = meet(&vals[n.args[0]], n.curve.inverse(y, vals[n.args[0]]))
		}
		if !ok {
			return false
		}
	}
	return true
}

func (g *graph) downSum(n *node, y expr.Interval, vals []expr.Interval) bool {
	m := len(n.args)
	var room [24]expr.Interval
	after := room[:0]
	if m+1 > len(room) {
		after = make([]expr.Interval, 0, m+1)
	}
	after = after[:m+1]
	after[m] = expr.Interval{}
	for i := m - 1; i >= 0; i-- {
		after[i] = after[i+1].Add(vals[n.args[i]].Scale(n.coefs[i]))
	}
	before := expr.Point(n.value)
	for i, a := range n.args {
		term := vals[a].Scale(n.coefs[i])
		if !meet(&vals[a], y.Sub(before.Add(after[i+1])).Div(expr.Point(n.coefs[i]))) {
			return false
		}
		before = before.Add(term)
	}
	return true
}

// meet cuts an interval; it reports whether anything is left.
func meet(v *expr.Interval, by expr.Interval) bool {
	*v = v.Intersect(by)
	return !v.IsEmpty()
}

// inverseProduct holds every q with q b = a for some members of a and b.
func inverseProduct(a, b expr.Interval) expr.Interval {
	if a.Contains(0) && b.Contains(0) {
		return expr.Everything
	}
	return a.Div(b)
}

// isInfinite reports whether an interval has an infinite end.
func isInfinite(a expr.Interval) bool { return math.IsInf(a.Lo, 0) || math.IsInf(a.Hi, 0) }

// middle is a finite point inside of an interval.
func middle(b expr.Interval) float64 {
	switch l, h := math.IsInf(b.Lo, -1), math.IsInf(b.Hi, 1); {
	case l && h:
		return 0
	case l:
		return math.Min(-1, b.Hi-1-9*math.Abs(b.Hi))
	case h:
		return math.Max(1, b.Lo+1+9*math.Abs(b.Lo))
	}
	return b.Lo/2 + b.Hi/2
}

// supports lists the variables that each node depends on, ascending.
func (g *graph) supports() [][]int {
	out := make([][]int, len(g.nodes))
	for k := range g.nodes {
		n := &g.nodes[k]
		switch n.kind {
		case variable:
			out[k] = []int{n.index}
		case leaf:
			out[k] = n.tape.Vars()
		default:
			for _, a := range n.args {
				out[k] = append(out[k], out[a]...)
			}
			slices.Sort(out[k])
			out[k] = slices.Compact(out[k])
		}
	}
	return out
}
