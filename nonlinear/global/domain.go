package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Regularity is what is known of a function throughout a box. Each includes those before it.
type Regularity uint8

// The regularities.
const (
	Partial    Regularity = iota // it may have no value at some points
	Valued                       // it has a value at every point
	Continuous                   // and is continuous
	Smooth                       // and twice continuously differentiable
)

// Domain tells from intervals where functions have values and are continuous. The interval of a function over a box leaves out the points at which it has
// no value: a bound that is read from it holds at the others only, and one along a segment only where the function is continuous on all of it.
type Domain struct {
	args  []expr.Node
	items []item
	roots []int // item of each function, -1 where it is smooth everywhere
	state []Regularity
}

// item is an operation that has values for some arguments only, a kink or a jump, or an operation above such ones.
type item struct {
	op       expr.Op
	guarded  bool
	from, to int   // of the intervals of its arguments, where it is guarded
	below    []int // items of its arguments; those of a selection have a place for each argument
}

// NewDomain prepares the functions of the nodes given.
func NewDomain(d *expr.DAG, roots ...expr.Node) *Domain {
	dom := &Domain{}
	place := map[expr.Node]int{}
	var visit func(n expr.Node) int
	visit = func(n expr.Node) int {
		if k, ok := place[n]; ok {
			return k
		}
		it := item{op: d.Op(n), guarded: !smoothEverywhere(d.Op(n))}
		matters := it.guarded
		for _, a := range d.Args(n) {
			k := visit(a)
			if k >= 0 {
				matters = true
			}
			if k >= 0 || it.op == expr.OpIf {
				it.below = append(it.below, k)
			}
		}
		if !matters {
			place[n] = -1
			return -1
		}
		if it.guarded {
			it.from = len(dom.args)
			dom.args = append(dom.args, d.Args(n)...)
			it.to = len(dom.args)
		}
		place[n] = len(dom.items)
		dom.items = append(dom.items, it)
		return place[n]
	}
	for _, n := range roots {
		dom.roots = append(dom.roots, visit(n))
	}
	dom.state = make([]Regularity, len(dom.items))
	return dom
}

// Clone returns the domain for another goroutine.
func (dom *Domain) Clone() *Domain {
	c := *dom
	c.state = make([]Regularity, len(dom.items))
	return &c
}

// Args lists the nodes whose intervals over a box [Domain.Over] asks for; not to be changed.
func (dom *Domain) Args() []expr.Node { return dom.args }

// Over reads the intervals of [Domain.Args] over a box, in their order, for [Domain.Root].
func (dom *Domain) Over(vals []expr.Interval) {
	for k := range dom.items {
		it := &dom.items[k]
		if it.op == expr.OpIf {
			dom.state[k] = dom.selection(it, vals[it.from])
			continue
		}
		s := Smooth
		if it.guarded {
			s = regularity(it.op, vals[it.from:it.to])
		}
		for _, b := range it.below {
			if t := dom.state[b]; t < s && !(it.op.IsLogical() && t >= Valued && s == Smooth) { // what is decided is constant
				s = t
			}
		}
		dom.state[k] = s
	}
}

// Root is the regularity of function k over the box of the last call of Over.
func (dom *Domain) Root(k int) Regularity { return dom.at(dom.roots[k]) }

func (dom *Domain) at(item int) Regularity {
	if item < 0 {
		return Smooth
	}
	return dom.state[item]
}

// selection is the regularity of a choice between two functions whose condition has the interval c: where it is decided, that of the one that is chosen.
func (dom *Domain) selection(it *item, c expr.Interval) Regularity {
	then, other := dom.at(it.below[1]), dom.at(it.below[2])
	switch {
	case c.IsEmpty() || dom.at(it.below[0]) < Valued:
		return Partial
	case !c.Contains(0):
		return then
	case c.Lo == 0 && c.Hi == 0:
		return other
	}
	return min(Valued, then, other)
}

func smoothEverywhere(op expr.Op) bool {
	switch op {
	case expr.OpConst, expr.OpVar, expr.OpSum, expr.OpMul, expr.OpExp, expr.OpSin, expr.OpCos, expr.OpAtan, expr.OpSinh, expr.OpCosh, expr.OpTanh, expr.OpAsinh:
		return true
	}
	return false
}

// regularity is that of an operation over the intervals of its arguments. Of a continuous operation with kinks the intervals of the derivatives
// hold those on both sides, between which the mean value theorem holds too (Lebourg's); its second derivatives say nothing of the kinks.
func regularity(op expr.Op, args []expr.Interval) Regularity {
	for _, a := range args {
		if a.IsEmpty() {
			return Partial
		}
	}
	a := args[0]
	within := func(closed, open bool) Regularity {
		switch {
		case open:
			return Smooth
		case closed:
			return Continuous
		}
		return Partial
	}
	steps := func(constant bool) Regularity {
		if constant {
			return Smooth
		}
		return Valued
	}
	switch op {
	case expr.OpDiv:
		return within(false, !args[1].Contains(0))
	case expr.OpPow:
		p := args[1]
		return within(powerHasValues(a, p), powerHasValues(a, p) && (a.Lo > 0 || p.Lo == p.Hi && (p.Lo == math.Trunc(p.Lo) || p.Lo >= 2)))
	case expr.OpSqrt:
		return within(a.Lo >= 0, a.Lo > 0)
	case expr.OpLog, expr.OpLog10:
		return within(false, a.Lo > 0)
	case expr.OpAsin, expr.OpAcos:
		return within(a.Lo >= -1 && a.Hi <= 1, a.Lo > -1 && a.Hi < 1)
	case expr.OpAtanh:
		return within(false, a.Lo > -1 && a.Hi < 1)
	case expr.OpAcosh:
		return within(a.Lo >= 1, a.Lo > 1)
	case expr.OpTan: // within one branch, at a distance from its poles
		k := math.Floor(a.Lo/math.Pi + 0.5)
		return within(false, math.Abs(a.Lo) < 1e6 && a.Lo > (k-0.5)*math.Pi+1e-6 && a.Hi < (k+0.5)*math.Pi-1e-6)
	case expr.OpAtan2:
		return steps(args[1].Lo > 0)
	case expr.OpAbs:
		return within(true, a.Lo > 0 || a.Hi < 0)
	case expr.OpMin, expr.OpMax, expr.OpLess:
		return within(true, len(args) == 2 && (a.Hi < args[1].Lo || a.Lo > args[1].Hi))
	case expr.OpLT, expr.OpLE, expr.OpGT, expr.OpGE, expr.OpEQ, expr.OpNE:
		return steps(a.Hi < args[1].Lo || a.Lo > args[1].Hi)
	case expr.OpAnd, expr.OpOr, expr.OpNot, expr.OpFloor, expr.OpCeil, expr.OpRound, expr.OpTrunc:
		return Valued
	case expr.OpMod, expr.OpIntDiv:
		if !args[1].Contains(0) {
			return Valued
		}
	}
	return Partial
}

// powerHasValues reports whether a^p has a value and is continuous for all members.
func powerHasValues(a, p expr.Interval) bool {
	switch whole := p.Lo == p.Hi && p.Lo == math.Trunc(p.Lo); {
	case whole && p.Lo >= 0:
		return true
	case whole:
		return !a.Contains(0)
	case p.Lo == p.Hi && p.Lo > 0:
		return a.Lo >= 0
	}
	return a.Lo > 0
}
