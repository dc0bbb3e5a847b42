package expr

import (
	"fmt"
	"math"
	"slices"
)

// Unary returns op(a). It panics unless op.IsUnary().
func (d *DAG) Unary(op Op, a Node) Node {
	if !op.IsUnary() {
		panic(fmt.Sprintf("expr: %v is not a unary operation", op))
	}
	if v, ok := d.IsConst(a); ok {
		if y := unary(op, v); isFinite(y) {
			return d.Const(y)
		}
	}
	switch op {
	case OpAbs:
		if d.nodes[a].op == OpAbs {
			return a
		}
		if c, base := d.scaled(a); c != 1 {
			return d.Scale(math.Abs(c), d.Unary(OpAbs, base))
		}
	case OpFloor, OpCeil, OpRound, OpTrunc:
		if r := &d.nodes[a]; r.num == 1 && r.op >= OpFloor && r.op <= OpTrunc {
			return a // an integer already
		}
	case OpNot:
		if r := &d.nodes[a]; r.op == OpNot && d.nodes[d.args[r.arg]].op.IsLogical() {
			return d.args[r.arg]
		}
	}
	return d.intern(op, 0, 0, []Node{a}, nil)
}

// Not returns 1 if a is 0, else 0.
func (d *DAG) Not(a Node) Node { return d.Unary(OpNot, a) }

// Binary returns "a op b". It panics unless op.IsBinary(). OpRound, OpTrunc take the
// number of decimals as b, OpPrecision the number of significant digits.
func (d *DAG) Binary(op Op, a, b Node) Node {
	switch op {
	case OpDiv:
		return d.Div(a, b)
	case OpPow:
		return d.Pow(a, b)
	case OpRound, OpTrunc:
		if b == 0 {
			return d.Unary(op, a)
		}
	}
	if !op.IsBinary() {
		panic(fmt.Sprintf("expr: %v is not a binary operation", op))
	}
	av, aConst := d.IsConst(a)
	bv, bConst := d.IsConst(b)
	if aConst && bConst {
		if y := binary(op, av, bv); isFinite(y) {
			return d.Const(y)
		}
	}
	switch op {
	case OpAnd, OpOr:
		if a > b {
			a, b, av, bv, aConst, bConst = b, a, bv, av, bConst, aConst
		}
		// A constant that decides gives the result, and one that does not leaves the
		// other operand, if that is a truth value.
		decides := op == OpOr
		switch {
		case aConst && (av != 0) == decides, bConst && (bv != 0) == decides:
			return d.Const(truth(decides))
		case aConst && d.nodes[b].op.IsLogical():
			return b
		case (bConst || a == b) && d.nodes[a].op.IsLogical():
			return a
		}
	case OpGT:
		op, a, b = OpLT, b, a
	case OpGE:
		op, a, b = OpLE, b, a
	case OpEQ, OpNE:
		if a > b {
			a, b = b, a
		}
	}
	return d.intern(op, 0, 0, []Node{a, b}, nil)
}

// Min returns the least of args, +Inf if there are none.
func (d *DAG) Min(args ...Node) Node { return d.extremum(OpMin, args, math.Inf(1)) }

// Max returns the greatest of args, -Inf if there are none.
func (d *DAG) Max(args ...Node) Node { return d.extremum(OpMax, args, math.Inf(-1)) }

func (d *DAG) extremum(op Op, args []Node, bound float64) Node {
	var buf [flattenLimit]Node
	nodes := buf[:0]
	take := func(a Node) {
		v, ok := d.IsConst(a)
		switch {
		case !ok:
			nodes = append(nodes, a)
		case op == OpMin:
			bound = min(bound, v)
		default:
			bound = max(bound, v)
		}
	}
	for _, a := range args {
		if r := &d.nodes[a]; r.op == op && r.num <= flattenLimit {
			for _, inner := range d.Args(a) {
				take(inner)
			}
		} else {
			take(a)
		}
	}
	neutral := math.IsInf(bound, 1) && op == OpMin || math.IsInf(bound, -1) && op == OpMax
	if !neutral || len(nodes) == 0 {
		nodes = append(nodes, d.Const(bound))
	}
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	if len(nodes) == 1 {
		return nodes[0]
	}
	return d.intern(op, 0, 0, nodes, nil)
}

// If returns "if cond then then else els": then where cond is not 0.
func (d *DAG) If(cond, then, els Node) Node {
	if v, ok := d.IsConst(cond); ok {
		if v != 0 {
			return then
		}
		return els
	}
	if then == els {
		return then
	}
	return d.intern(OpIf, 0, 0, []Node{cond, then, els}, nil)
}
