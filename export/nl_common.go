package export

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
)

// nlCommon is the subexpressions that get a V segment: operations that are used more than once, and some on the way down where an
// expression is so deep that a reader which descends by recursion would run out of stack.
//
// They are numbered as the header counts them: those of the objective and constraints, of several constraints, of the objective, then those
// of one constraint alone, by constraint, and those of the objective alone. One that is alone stands right before its owner.
type nlCommon struct {
	place  map[expr.Node]int32 // its number, counted from the number of variables
	shared []expr.Node         // of several functions, in the order of their numbers
	single map[int32][]expr.Node
	counts [5]int // both, constraints, objective; one constraint, the objective alone
}

// maxDepth is the number of nested operations in an expression that is written in one piece.
const maxDepth = 500

// findCommon chooses the subexpressions. It refuses numbers that the format cannot write.
func (p *nlProblem) findCommon() error {
	d := p.m.DAG()
	var roots []expr.Node
	for k := range p.functions {
		for _, t := range p.functions[k].terms {
			roots = append(roots, t.node)
		}
	}
	p.common = nlCommon{place: map[expr.Node]int32{}, single: map[int32][]expr.Node{}}
	if len(roots) == 0 {
		return nil
	}
	order := reachable(d, roots)
	owners := make([]owner, d.Len())
	for k := range p.functions {
		for _, t := range p.functions[k].terms {
			owners[t.node].join(owner{function: int32(k) + 1, inRows: k < len(p.functions)-1, inObjective: k == len(p.functions)-1})
		}
	}
	for k := len(order) - 1; k >= 0; k-- {
		n := order[k]
		o := owners[n]
		for _, a := range d.Args(n) {
			owners[a].join(o)
		}
		if v, ok := badNumber(d, n); ok {
			where := "the objective"
			if o.inRows {
				where = "a constraint"
				if o.function > 0 {
					where = p.m.RowName(int(o.function - 1))
				}
			}
			return &NotWritableError{"NL", 0, where, "the number " + string(appendNumber(nil, v)) + " in an expression", "give a finite number"}
		}
	}
	p.common.number(order, p.chosen(order, roots), owners)
	return nil
}

// owner is the functions that a node occurs in.
type owner struct {
	function            int32 // one more than the function, -1: several, 0: none
	inRows, inObjective bool
}

func (o *owner) join(p owner) {
	switch {
	case o.function == 0:
		o.function = p.function
	case o.function != p.function:
		o.function = -1
	}
	o.inRows, o.inObjective = o.inRows || p.inRows, o.inObjective || p.inObjective
}

// reachable returns the nodes below roots, ascending.
func reachable(d *expr.DAG, roots []expr.Node) []expr.Node {
	seen := make([]bool, d.Len())
	var order, stack []expr.Node
	visit := func(n expr.Node) {
		if !seen[n] {
			seen[n] = true
			stack = append(stack, n)
		}
	}
	for _, r := range roots {
		visit(r)
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, n)
		for _, a := range d.Args(n) {
			visit(a)
		}
	}
	slices.Sort(order)
	return order
}

// chosen marks the nodes that get a segment.
func (p *nlProblem) chosen(order, roots []expr.Node) []bool {
	d := p.m.DAG()
	chosen, depth := make([]bool, d.Len()), make([]int32, d.Len())
	for _, n := range d.Shared(roots) {
		if !cheap(d, n) {
			chosen[n] = true
		}
	}
	for _, n := range order {
		deepest := int32(0)
		for _, a := range d.Args(n) {
			if !chosen[a] {
				deepest = max(deepest, depth[a])
			}
		}
		if depth[n] = deepest + 1; depth[n] > maxDepth {
			chosen[n] = true
		}
	}
	return chosen
}

// cheap reports whether writing a node again costs no more than a reference: a sum, a product or a quotient of two variables or numbers, or
// the square of a variable.
func cheap(d *expr.DAG, n expr.Node) bool {
	args := d.Args(n)
	if len(args) > 2 {
		return false
	}
	for _, a := range args {
		if len(d.Args(a)) > 0 {
			return false
		}
	}
	switch d.Op(n) {
	case expr.OpSum, expr.OpMul, expr.OpDiv:
		return true
	case expr.OpPow:
		k, ok := d.IsConst(args[1])
		return ok && k == 2
	}
	return false
}

// badNumber returns a number of a node that no reader understands.
func badNumber(d *expr.DAG, n expr.Node) (float64, bool) {
	bad := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
	if v := d.Value(n); bad(v) {
		return v, true
	}
	for _, v := range d.Coefs(n) {
		if bad(v) {
			return v, true
		}
	}
	return 0, false
}

// number gives the chosen nodes their numbers, apart from those of single functions, which are numbered when the constraints have places.
func (c *nlCommon) number(order []expr.Node, chosen []bool, owners []owner) {
	var classes [3][]expr.Node
	for _, n := range order {
		if !chosen[n] {
			continue
		}
		switch o := owners[n]; {
		case o.function > 0:
			c.single[o.function-1] = append(c.single[o.function-1], n)
		case o.inRows && o.inObjective:
			classes[0] = append(classes[0], n)
		default:
			classes[1] = append(classes[1], n)
		}
	}
	for k, list := range classes {
		c.counts[k] = len(list)
		c.shared = append(c.shared, list...)
	}
	for k, n := range c.shared {
		c.place[n] = int32(k)
	}
}

// numberSingles numbers the nodes of single functions: of the constraints in the order of their places, then of the objective.
func (c *nlCommon) numberSingles(rows []int32) {
	next := int32(len(c.shared))
	take := func(function int32) int {
		for _, n := range c.single[function] {
			c.place[n] = next
			next++
		}
		return len(c.single[function])
	}
	for _, r := range rows {
		c.counts[3] += take(r)
	}
	c.counts[4] = take(int32(len(rows)))
}
