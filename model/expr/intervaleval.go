package expr

import (
	"math"
	"slices"
)

// Sign is what is known of the sign of a value.
type Sign uint8

// The signs. SignZero is both non-negative and non-positive.
const (
	SignUnknown Sign = iota
	SignNonNegative
	SignNonPositive
	SignZero
)

// String returns the sign in words.
func (s Sign) String() string {
	return [...]string{"unknown", "non-negative", "non-positive", "zero"}[s&3]
}

// Sign returns the sign of all points in a; that of an empty interval is unknown.
func (a Interval) Sign() Sign {
	switch {
	case a.IsEmpty():
		return SignUnknown
	case a.Lo == 0 && a.Hi == 0:
		return SignZero
	case a.Lo >= 0:
		return SignNonNegative
	case a.Hi <= 0:
		return SignNonPositive
	}
	return SignUnknown
}

// Interval returns an interval that contains the value of n wherever each variable v
// is in box(v) and n has a value. Points outside a function's domain are left out: if
// x is in [-1, 4], sqrt(x) is in [0, 2]. It is empty if n has no value anywhere.
func (d *DAG) Interval(n Node, box func(v int) Interval) Interval {
	s := acquire(d)
	defer s.release()
	order := s.walk(d, n)
	pos := s.positions(d, order)
	vals, partial := make([]Interval, len(order)), make([]bool, len(order))
	at := func(a Node) Interval { return vals[pos[a]] }
	below := func(a Node) bool { return partial[pos[a]] }
	for k, m := range order {
		partial[k] = d.partial(m, below)
		vals[k] = d.intervalNode(m, at, below, box)
	}
	return at(n)
}

// intervalNode returns the interval of n given those of its arguments, and which of these are partial.
func (d *DAG) intervalNode(n Node, at func(Node) Interval, partial func(Node) bool, box func(v int) Interval) Interval {
	r := &d.nodes[n]
	args := d.Args(n)
	switch r.op {
	case OpConst:
		return Point(r.val)
	case OpVar:
		b := box(int(r.arg))
		return checked(b.Lo, b.Hi)
	case OpSum:
		y := Point(r.val)
		for k, c := range d.Coefs(n) {
			y = y.Add(at(args[k]).Scale(c))
		}
		return y
	case OpMul, OpMin, OpMax:
		y := at(args[0])
		for _, a := range args[1:] {
			y = intervalBinary(r.op, y, at(a))
		}
		return y
	case OpIf:
		return intervalIf(at(args[0]), at(args[1]), at(args[2]), partial(args[0]))
	}
	if r.op.IsLogical() && slices.ContainsFunc(args, partial) {
		return Interval{0, 1}
	}
	if len(args) == 1 {
		return intervalUnary(r.op, at(args[0]))
	}
	return intervalBinary(r.op, at(args[0]), at(args[1]))
}

// intervalIf returns the set of "if cond then then else els". A condition that is partial may be no number where the interval leaves it out, which counts
// as true; see [DAG.partial] for comparisons.
func intervalIf(cond, then, els Interval, partial bool) Interval {
	switch {
	case cond.IsEmpty():
		// No condition has a value, but evaluation still takes a branch.
		return then.Hull(els)
	case !cond.Contains(0):
		return then
	case cond.Lo == 0 && cond.Hi == 0 && !partial:
		return els
	}
	return then.Hull(els)
}

// partial reports whether n or, as told by below, one of its arguments has no value for a part of its own arguments. A comparison with what is not a
// number is false (and "<>" is true), so that the intervals of its arguments do not decide it.
func (d *DAG) partial(n Node, below func(Node) bool) bool {
	switch d.Op(n) {
	case OpDiv, OpSqrt, OpLog, OpLog10, OpTan, OpAsin, OpAcos, OpAcosh, OpAtanh, OpMod, OpIntDiv, OpPrecision:
		return true
	case OpPow:
		if p, ok := d.IsConst(d.Args(n)[1]); !ok || p < 0 || p != math.Trunc(p) {
			return true
		}
	}
	for _, a := range d.Args(n) {
		if below(a) {
			return true
		}
	}
	return false
}

// Intervals stores in out[k] an interval that contains the values of root k in the
// box, which is indexed like a point: the compiled form of [DAG.Interval]. It
// allocates in a workspace's first call only.
func (t *Tape) Intervals(ws *Workspace, box, out []Interval) {
	t.check("the box", len(box), t.width)
	t.check("out", len(out), len(t.roots))
	if ws.boxes == nil {
		ws.boxes = make([]Interval, t.slots)
		for k, c := range t.consts {
			ws.boxes[len(t.vars)+k] = Point(c)
		}
	}
	v := ws.boxes
	for s, i := range t.vars {
		v[s] = checked(box[i].Lo, box[i].Hi)
	}
	for i := range t.code {
		in := &t.code[i]
		v[in.dst] = t.intervalInstr(in, v)
	}
	for k, slot := range t.roots {
		out[k] = v[slot]
	}
}

func (t *Tape) intervalInstr(in *instr, v []Interval) Interval {
	switch in.op {
	case codeAdd:
		return v[in.a].Add(v[in.b])
	case codeSub:
		return v[in.a].Sub(v[in.b])
	case codeShift:
		return Point(in.k).Add(v[in.a].Scale(in.k2))
	case codeLinear2:
		return Point(in.k).Add(v[in.a].Scale(in.k2)).Add(v[in.b].Scale(in.k3))
	case codeSum:
		y := Point(in.k)
		for _, term := range t.terms[in.a:in.b] {
			y = y.Add(v[term.slot].Scale(term.coef))
		}
		return y
	case codeSquare:
		return intervalBinary(OpPow, v[in.a], Interval{2, 2})
	case codeCube:
		return intervalBinary(OpPow, v[in.a], Interval{3, 3})
	case codePowInt, codePowReal:
		return intervalBinary(OpPow, v[in.a], Interval{in.k, in.k})
	case codeExpBase:
		return intervalBinary(OpPow, Interval{in.k, in.k}, v[in.a])
	case codeRound2:
		return intervalBinary(OpRound, v[in.a], v[in.b])
	case codeTrunc2:
		return intervalBinary(OpTrunc, v[in.a], v[in.b])
	case code(OpIf):
		return intervalIf(v[in.c], v[in.a], v[in.b], in.k == 1)
	}
	if Op(in.op).IsLogical() && in.k == 1 {
		return Interval{0, 1}
	}
	if op := Op(in.op); op.IsUnary() {
		return intervalUnary(op, v[in.a])
	}
	return intervalBinary(Op(in.op), v[in.a], v[in.b])
}
