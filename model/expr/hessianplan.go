package expr

import (
	"cmp"
	"slices"
)

// hessianPlan is a static schedule for the Hessian of a weighted sum of the roots.
//
// It follows the edge-pushing algorithm of Gower and Mello (A new framework for the
// computation of Hessians, 2012). A reverse sweep eliminates the instructions
// from the last to the first. Next to the adjoints it keeps the second derivatives of
// the Lagrangian with respect to all slots not yet eliminated: weighted edges.
// Eliminating s = f(a, b) moves each edge {s, j} to {a, j} and {b, j} by the
// chain rule, {s, s} to {a, a}, {a, b}, {b, b}, and adds adjoint times f” there. What
// remains between variables is the Hessian. Which edges occur depends on the structure
// alone, so each has its place in an array, and evaluation is a list of multiply-adds.
//
// That list grows long where many intermediate results of few variables meet in
// one nonlinear operation, such as the log of a sum of a thousand exponentials of
// three variables. Such elements (the nonlinear terms that roots add up) are left out
// and differentiated by forward-over-reverse sweeps, one for each variable.
type hessianPlan struct {
	affine   []int32 // with elements: the instructions that lead from roots to elements
	steps    []step
	linear   []linearPush
	pushes   []push
	edges    int // number of edges; those between variables come first
	elements []element
	rest     []int32 // with elements: the slots of those not swept
	list     []int32 // instructions of the elements

	rows, cols []int32
	longest    int // most instructions of an element
	seeds      int // terms in all elements
}

// step eliminates one instruction.
type step struct {
	instr      int32
	self       int32 // the edge from the slot to itself, or -1
	aa, ab, bb int32 // the edges among its arguments, or -1
	from, to   int32 // pushes; linear ones for an affine instruction
}

// linearPush adds coef times the edge src to dst.
type linearPush struct {
	src, dst int32
	coef     float64
}

// push adds a derivative times the edge src to dst: d/da, d/db, or twice these.
type push struct {
	src, dst int32
	kind     uint8
}

// edgePlanner builds steps.
type edgePlanner struct {
	t       *Tape
	depends []bool
	curved  []bool
	p       *hessianPlan
	budget  int // pushes still allowed

	first  []int32 // slot -> its latest edge to a smaller slot, plus one
	own    []int32 // slot -> its edge to itself, plus one
	edges  []edge
	table  []int32 // hash of edges between different slots, ids plus one
	filled int
	args   []linearTerm
}

type edge struct {
	high, low int32
	next      int32 // the next edge of the same high slot, plus one
}

func newEdgePlanner(t *Tape, depends []bool) *edgePlanner {
	return &edgePlanner{
		t: t, depends: depends, curved: t.curvedSlots(), p: &hessianPlan{},
		first: make([]int32, t.slots), own: make([]int32, t.slots),
		table: make([]int32, 64),
	}
}

// reset forgets all edges and steps, at the cost of those there are.
func (e *edgePlanner) reset() {
	for _, d := range e.edges {
		e.first[d.high], e.own[d.high] = 0, 0
	}
	if len(e.table) > 64 && e.filled < len(e.table)/16 {
		e.table = make([]int32, 64)
	} else {
		clear(e.table)
	}
	e.edges, e.filled = e.edges[:0], 0
	e.p.steps, e.p.linear, e.p.pushes = e.p.steps[:0], e.p.linear[:0], e.p.pushes[:0]
}

// edge returns the edge between two slots, new or found, or -1 if one of them does
// not depend on a variable.
func (e *edgePlanner) edge(a, b int32) int32 {
	if !e.depends[a] || !e.depends[b] {
		return -1
	}
	if a == b {
		if e.own[a] == 0 {
			e.edges = append(e.edges, edge{a, a, 0})
			e.own[a] = int32(len(e.edges))
		}
		return e.own[a] - 1
	}
	if a < b {
		a, b = b, a
	}
	if 2*e.filled >= len(e.table) {
		e.grow()
	}
	mask := uint64(len(e.table) - 1)
	slot := edgeHash(a, b) & mask
	for ; e.table[slot] != 0; slot = (slot + 1) & mask {
		if d := &e.edges[e.table[slot]-1]; d.high == a && d.low == b {
			return e.table[slot] - 1
		}
	}
	e.edges = append(e.edges, edge{a, b, e.first[a]})
	id := int32(len(e.edges))
	e.table[slot], e.first[a] = id, id
	e.filled++
	return id - 1
}

func edgeHash(a, b int32) uint64 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

func (e *edgePlanner) grow() {
	e.table = make([]int32, 2*len(e.table))
	mask := uint64(len(e.table) - 1)
	for id, d := range e.edges {
		if d.high == d.low {
			continue
		}
		slot := edgeHash(d.high, d.low) & mask
		for e.table[slot] != 0 {
			slot = (slot + 1) & mask
		}
		e.table[slot] = int32(id) + 1
	}
}

// run plans the elimination of the instructions in list, last first. It reports
// whether that stayed in the budget.
func (e *edgePlanner) run(list []int32, budget int) bool {
	e.budget = budget
	for _, i := range list {
		in := &e.t.code[i]
		if !e.curved[in.dst] && e.first[in.dst] == 0 && e.own[in.dst] == 0 {
			continue
		}
		if in.op.isAffine() {
			e.affineStep(i)
		} else {
			e.step(i)
		}
		if e.budget < 0 {
			return false
		}
	}
	return true
}

// curvedSlots marks the slots that have, or are computed from one that has, a
// second derivative: only these need an adjoint.
func (t *Tape) curvedSlots() []bool {
	curved := make([]bool, t.slots)
	for i := range t.code {
		in := &t.code[i]
		aa, ab, bb := in.op.curvature()
		c := aa || ab || bb
		t.eachArg(in, func(slot int32, _ float64) { c = c || curved[slot] })
		curved[in.dst] = c
	}
	return curved
}

// curvature tells which second derivatives of an instruction are not always zero.
func (op code) curvature() (aa, ab, bb bool) {
	switch {
	case op.isAffine() || op.isFlat():
		return false, false, false
	case op >= code(numOps):
		return true, false, false
	}
	switch Op(op) {
	case OpMul:
		return false, true, false
	case OpDiv:
		return false, true, true
	case OpPow, OpAtan2:
		return true, true, true
	case OpAbs, OpMin, OpMax, OpIf, OpLess, OpMod:
		return false, false, false
	}
	return true, false, false
}

func (e *edgePlanner) affineStep(i int32) {
	t, p := e.t, e.p
	in := &t.code[i]
	s := step{instr: i, self: e.own[in.dst] - 1, aa: -1, ab: -1, bb: -1, from: int32(len(p.linear))}
	e.args = e.args[:0]
	t.eachArg(in, func(slot int32, coef float64) {
		if e.depends[slot] {
			e.args = append(e.args, linearTerm{slot, coef})
		}
	})
	n := len(e.args)
	if s.self >= 0 {
		if e.budget -= n * (n + 1) / 2; e.budget < 0 {
			return
		}
		for j, a := range e.args {
			for k, b := range e.args[:j+1] {
				coef := a.coef * b.coef
				if a.slot == b.slot && k != j {
					coef *= 2
				}
				p.linear = append(p.linear, linearPush{s.self, e.edge(a.slot, b.slot), coef})
			}
		}
	}
	for id := e.first[in.dst]; id != 0; id = e.edges[id-1].next {
		if e.budget -= n; e.budget < 0 {
			return
		}
		other := e.edges[id-1].low
		for _, a := range e.args {
			coef := a.coef
			if a.slot == other {
				coef *= 2
			}
			p.linear = append(p.linear, linearPush{id - 1, e.edge(a.slot, other), coef})
		}
	}
	s.to = int32(len(p.linear))
	p.steps = append(p.steps, s)
}

func (e *edgePlanner) step(i int32) {
	t, p := e.t, e.p
	in := &t.code[i]
	s := step{instr: i, self: e.own[in.dst] - 1, aa: -1, ab: -1, bb: -1, from: int32(len(p.pushes))}
	two := in.op.hasTwoArgs()
	aa, ab, bb := in.op.curvature()
	if s.self >= 0 {
		aa, ab, bb = true, two, two
	}
	if aa {
		s.aa = e.edge(in.a, in.a)
	}
	if ab {
		s.ab = e.edge(in.a, in.b)
	}
	if bb {
		s.bb = e.edge(in.b, in.b)
	}
	for id := e.first[in.dst]; id != 0; id = e.edges[id-1].next {
		other := e.edges[id-1].low
		e.push(id-1, in.a, other, 0)
		if two {
			e.push(id-1, in.b, other, 1)
		}
	}
	e.budget -= 3 + int(int32(len(p.pushes))-s.from)
	s.to = int32(len(p.pushes))
	p.steps = append(p.steps, s)
}

func (e *edgePlanner) push(src, arg, other int32, kind uint8) {
	if arg == other {
		kind += 2
	}
	if dst := e.edge(arg, other); dst >= 0 {
		e.p.pushes = append(e.p.pushes, push{src, dst, kind})
	}
}

// number gives the edges between variables, and the pairs of variables in extra,
// the first places, sorted by row and column, and renumbers the steps accordingly.
func (e *edgePlanner) number(extra []edge) {
	t, p := e.t, e.p
	var pattern []edge
	for _, d := range e.edges {
		if t.isVar(d.high) {
			pattern = append(pattern, edge{d.high, d.low, 0})
		}
	}
	pattern = append(pattern, extra...)
	order := func(a, b edge) int { return cmp.Or(cmp.Compare(a.high, b.high), cmp.Compare(a.low, b.low)) }
	slices.SortFunc(pattern, order)
	pattern = slices.Compact(pattern)
	for _, d := range pattern {
		p.rows = append(p.rows, int32(t.vars[d.high]))
		p.cols = append(p.cols, int32(t.vars[d.low]))
	}
	place := make([]int32, len(e.edges))
	p.edges = len(pattern)
	for id, d := range e.edges {
		if t.isVar(d.high) {
			k, _ := slices.BinarySearchFunc(pattern, edge{d.high, d.low, 0}, order)
			place[id] = int32(k)
		} else {
			place[id] = int32(p.edges)
			p.edges++
		}
	}
	moved := func(id int32) int32 {
		if id < 0 {
			return id
		}
		return place[id]
	}
	for k := range p.steps {
		s := &p.steps[k]
		s.self, s.aa, s.ab, s.bb = moved(s.self), moved(s.aa), moved(s.ab), moved(s.bb)
	}
	for k := range p.linear {
		p.linear[k].src, p.linear[k].dst = moved(p.linear[k].src), moved(p.linear[k].dst)
	}
	for k := range p.pushes {
		p.pushes[k].src, p.pushes[k].dst = moved(p.pushes[k].src), moved(p.pushes[k].dst)
	}
	p.place(pattern)
}
