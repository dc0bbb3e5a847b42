package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Propagator narrows a box to what is left of it by constraints lo <= node <= hi: the intervals of all nodes are found upwards from the
// variables, cut by the constraints' sides, and carried downwards again through the inverse of each operation. No point that satisfies all
// constraints is lost; points at which one of them has no value do not satisfy it.
//
// A Propagator is used by one goroutine at a time; see Clone.
//
// Source: Benhamou, Goualard, Granvilliers, Puget, Revising hull and box consistency, ICLP 1999 (HC4-revise).
type Propagator struct {
	*network
	ws      *expr.Workspace
	vals    []expr.Interval
	sides   []expr.Interval
	scratch []expr.Interval
}

// network is what clones share: the nodes below the constraints, arguments before what uses them.
type network struct {
	d     *expr.DAG
	nodes []expr.Node
	ops   []expr.Op
	place map[expr.Node]int32
	args  [][]int32
	vars  []int32 // variable of a node, -1 for others
	// needed marks the nodes that must have a value where the constraints have one. What stands in a branch of a condition need not: its
	// domain says nothing of the variables.
	needed []bool
	tape   *expr.Tape
	roots  []int32
	widest int // largest number of arguments
}

// NewPropagator prepares the constraints sides[k].Lo <= roots[k] <= sides[k].Hi. Time and memory are linear in the nodes below the roots.
func NewPropagator(d *expr.DAG, roots []expr.Node, sides []expr.Interval) *Propagator {
	n := &network{d: d, place: map[expr.Node]int32{}}
	used := make([]bool, d.Len())
	for _, r := range roots {
		used[r] = true
	}
	for k := d.Len() - 1; k >= 0; k-- {
		if used[k] {
			for _, a := range d.Args(expr.Node(k)) {
				used[a] = true
			}
		}
	}
	for k, u := range used {
		if !u {
			continue
		}
		node := expr.Node(k)
		n.place[node] = int32(len(n.nodes))
		n.nodes = append(n.nodes, node)
		n.ops = append(n.ops, d.Op(node))
		n.vars = append(n.vars, int32(d.VarIndex(node)))
		var args []int32
		for _, a := range d.Args(node) {
			args = append(args, n.place[a])
		}
		n.args = append(n.args, args)
		n.widest = max(n.widest, len(args))
	}
	n.needed = make([]bool, len(n.nodes))
	for _, r := range roots {
		n.roots = append(n.roots, n.place[r])
		n.needed[n.place[r]] = true
	}
	for k := len(n.nodes) - 1; k >= 0; k-- {
		op := n.ops[k]
		if n.needed[k] && (op.IsSmooth() || op == expr.OpAbs || op == expr.OpMin || op == expr.OpMax || op == expr.OpLess) {
			for _, a := range n.args[k] {
				n.needed[a] = true
			}
		}
	}
	n.tape = d.Compile(n.nodes)
	return (&Propagator{network: n, sides: append([]expr.Interval(nil), sides...)}).Clone()
}

// Clone returns a propagator of the same constraints for another goroutine, with sides of its own.
func (p *Propagator) Clone() *Propagator {
	return &Propagator{network: p.network, ws: p.tape.NewWorkspace(), vals: make([]expr.Interval, len(p.nodes)),
		sides: append([]expr.Interval(nil), p.sides...), scratch: make([]expr.Interval, p.widest+1)}
}

// SetSide changes the sides of constraint k.
func (p *Propagator) SetSide(k int, side expr.Interval) { p.sides[k] = side }

// Side returns the sides of constraint k.
func (p *Propagator) Side(k int) expr.Interval { return p.sides[k] }

// Evaluate computes the intervals of all nodes over the box, which [Propagator.Root] and [Propagator.Node] return until the next call.
func (p *Propagator) Evaluate(box []expr.Interval) { p.tape.Intervals(p.ws, box, p.vals) }

// Root returns the interval of the function of constraint k over the box last evaluated.
func (p *Propagator) Root(k int) expr.Interval { return p.vals[p.roots[k]] }

// Narrow shrinks the box in place; it reports whether anything is left. Several rounds are made while they pay.
func (p *Propagator) Narrow(box []expr.Interval) bool {
	for range 4 {
		before := measure(box)
		if !p.revise(box) {
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

func (p *Propagator) revise(box []expr.Interval) bool {
	p.Evaluate(box)
	for k, r := range p.roots {
		if !p.cut(r, p.sides[k]) {
			return false
		}
	}
	for k := len(p.nodes) - 1; k >= 0; k-- {
		switch {
		case !p.needed[k]:
			continue
		case p.vals[k].IsEmpty():
			return false
		}
		if v := p.vars[k]; v >= 0 {
			if box[v] = box[v].Intersect(p.vals[k]); box[v].IsEmpty() {
				return false
			}
			continue
		}
		if !p.down(k) {
			return false
		}
	}
	return true
}

// cut narrows the interval of node k; it reports whether anything is left.
func (p *Propagator) cut(k int32, by expr.Interval) bool {
	p.vals[k] = p.vals[k].Intersect(by)
	return !p.vals[k].IsEmpty()
}
