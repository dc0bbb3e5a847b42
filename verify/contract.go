package verify

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// contractor narrows a box to what is left of it by constraints lo <= node <= hi: the intervals of all nodes are found upwards from
// the variables, cut by the constraints' sides, and carried downwards again through the inverse of each operation.
//
// Source: Benhamou, Goualard, Granvilliers, Puget, Revising hull and box consistency, ICLP 1999 (HC4-revise).
type contractor struct {
	d     *expr.DAG
	nodes []expr.Node // ascending: arguments before what uses them
	place map[expr.Node]int
	args  [][]int
	// needed marks the nodes that must have a value where the constraints have one. What stands in a branch of a selection need not: its
	// domain says nothing of the variables.
	needed []bool
	tape   *expr.Tape
	ws     *expr.Workspace
	vals   []expr.Interval
	roots  []int // node of each constraint, and its sides
	sides  []expr.Interval
}

func newContractor(d *expr.DAG, roots []expr.Node, sides []expr.Interval) *contractor {
	c := &contractor{d: d, sides: sides, place: map[expr.Node]int{}}
	used := make([]bool, d.Len())
	for _, r := range roots {
		used[r] = true
	}
	for n := d.Len() - 1; n >= 0; n-- {
		if used[n] {
			for _, a := range d.Args(expr.Node(n)) {
				used[a] = true
			}
		}
	}
	for n, u := range used {
		if !u {
			continue
		}
		node := expr.Node(n)
		c.place[node] = len(c.nodes)
		c.nodes = append(c.nodes, node)
		var args []int
		for _, a := range d.Args(node) {
			args = append(args, c.place[a])
		}
		c.args = append(c.args, args)
	}
	for _, r := range roots {
		c.roots = append(c.roots, c.place[r])
	}
	c.needed = make([]bool, len(c.nodes))
	for _, r := range c.roots {
		c.needed[r] = true
	}
	for k := len(c.nodes) - 1; k >= 0; k-- {
		if op := d.Op(c.nodes[k]); c.needed[k] && (op.IsSmooth() || op == expr.OpAbs) {
			for _, a := range c.args[k] {
				c.needed[a] = true
			}
		}
	}
	c.tape = d.Compile(c.nodes)
	c.ws = c.tape.NewWorkspace()
	c.vals = make([]expr.Interval, len(c.nodes))
	return c
}

// narrow shrinks the box in place; it reports whether anything is left. Several rounds are made while they pay.
func (c *contractor) narrow(box []expr.Interval) bool {
	for range 4 {
		before := measure(box)
		if !c.revise(box) {
			return false
		}
		if after := measure(box); !(after < 0.9*before) {
			break
		}
	}
	return true
}

// measure is the size of a box for comparison with itself: unbounded sides count as very long ones.
func measure(box []expr.Interval) float64 {
	s := 0.0
	for _, b := range box {
		s += math.Min(b.Hi, 1e100) - math.Max(b.Lo, -1e100)
	}
	return s
}

func (c *contractor) revise(box []expr.Interval) bool {
	c.tape.Intervals(c.ws, box, c.vals)
	for k, r := range c.roots {
		v := c.vals[r].Intersect(c.sides[k])
		if v.IsEmpty() {
			return false
		}
		c.vals[r] = v
	}
	for k := len(c.nodes) - 1; k >= 0; k-- {
		switch {
		case !c.needed[k]:
			continue
		case c.vals[k].IsEmpty():
			return false
		}
		if v := c.d.VarIndex(c.nodes[k]); v >= 0 {
			if box[v] = box[v].Intersect(c.vals[k]); box[v].IsEmpty() {
				return false
			}
			continue
		}
		if !c.down(k) {
			return false
		}
	}
	return true
}

// cut narrows the interval of node k; it reports whether anything is left.
func (c *contractor) cut(k int, by expr.Interval) bool {
	c.vals[k] = c.vals[k].Intersect(by)
	return !c.vals[k].IsEmpty()
}

// down carries the interval of node k to its arguments.
func (c *contractor) down(k int) bool {
	y, args := c.vals[k], c.args[k]
	switch n := c.nodes[k]; c.d.Op(n) {
	case expr.OpSum:
		return c.downSum(y, c.d.Value(n), c.d.Coefs(n), args)
	case expr.OpMul:
		return c.downProduct(y, args)
	case expr.OpDiv:
		a, b := c.vals[args[0]], c.vals[args[1]]
		return c.cut(args[0], y.Mul(b)) && c.cut(args[1], quotient(a, y))
	case expr.OpPow:
		if p := c.vals[args[1]]; p.Lo == p.Hi {
			return c.cut(args[0], root(y, c.vals[args[0]], p.Lo))
		}
	case expr.OpExp:
		if y.Hi <= 0 {
			return false
		}
		return c.cut(args[0], loosened(math.Log(math.Max(0, y.Lo)), math.Log(y.Hi)))
	case expr.OpLog:
		return c.cut(args[0], loosened(math.Exp(y.Lo), math.Exp(y.Hi)))
	case expr.OpSqrt:
		if y.Hi < 0 {
			return false
		}
		lo := math.Max(0, y.Lo)
		return c.cut(args[0], loosened(lo*lo, y.Hi*y.Hi))
	case expr.OpAbs:
		return c.cut(args[0], mirrored(y, c.vals[args[0]]))
	}
	return true
}

// downSum narrows the arguments of y = constant + Σ coefs args: each term is y less the others.
func (c *contractor) downSum(y expr.Interval, constant float64, coefs []float64, args []int) bool {
	n := len(args)
	after := make([]expr.Interval, n+1)
	after[n] = expr.Interval{}
	for i := n - 1; i >= 0; i-- {
		after[i] = after[i+1].Add(c.vals[args[i]].Scale(coefs[i]))
	}
	before := expr.Point(constant)
	for i, a := range args {
		term := c.vals[a].Scale(coefs[i])
		if coefs[i] != 0 && !c.cut(a, y.Sub(before.Add(after[i+1])).Div(expr.Point(coefs[i]))) {
			return false
		}
		before = before.Add(term)
	}
	return true
}

// downProduct narrows the factors of a product: each is y divided by the others.
func (c *contractor) downProduct(y expr.Interval, args []int) bool {
	for i, a := range args {
		others := expr.Point(1)
		for j, b := range args {
			if j != i {
				others = others.Mul(c.vals[b])
			}
		}
		if !c.cut(a, quotient(y, others)) {
			return false
		}
	}
	return true
}

// quotient holds every q with q b = a for some members of a and b.
func quotient(a, b expr.Interval) expr.Interval {
	if a.Contains(0) && b.Contains(0) {
		return expr.Everything
	}
	return a.Div(b)
}

// root holds every x of x with x^p in y.
func root(y, x expr.Interval, p float64) expr.Interval {
	switch {
	case p == 0:
		return x
	case p == math.Trunc(p) && math.Mod(p, 2) == 0 && p > 0:
		if y.Hi < 0 {
			return expr.Empty
		}
		lo := math.Pow(math.Max(0, y.Lo), 1/p)
		return mirrored(loosened(lo, math.Pow(y.Hi, 1/p)), x)
	case p == math.Trunc(p) && p > 0:
		inverse := func(v float64) float64 { return math.Copysign(math.Pow(math.Abs(v), 1/p), v) }
		return loosened(inverse(y.Lo), inverse(y.Hi))
	case p > 0: // x >= 0
		if y.Hi < 0 {
			return expr.Empty
		}
		return loosened(math.Pow(math.Max(0, y.Lo), 1/p), math.Pow(y.Hi, 1/p))
	}
	return x
}

// mirrored holds every member of x whose absolute value is in y.
func mirrored(y, x expr.Interval) expr.Interval {
	if y.Hi < 0 {
		return expr.Empty
	}
	y.Lo = math.Max(0, y.Lo)
	return x.Intersect(y).Hull(x.Intersect(y.Neg()))
}

// loosened rounds outward what elementary functions computed to a few units in the last place.
func loosened(lo, hi float64) expr.Interval {
	const ulps = 8 * epsilon
	lo -= ulps*math.Abs(lo) + math.SmallestNonzeroFloat64
	hi += ulps*math.Abs(hi) + math.SmallestNonzeroFloat64
	if math.IsNaN(lo) {
		lo = math.Inf(-1)
	}
	if math.IsNaN(hi) {
		hi = math.Inf(1)
	}
	return expr.Interval{Lo: lo, Hi: hi}
}
