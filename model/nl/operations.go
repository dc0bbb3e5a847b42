package nl

import (
	"strconv"

	"github.com/gobilevel/bilevel/model/expr"
)

// Codes of operations that need more than a node of the same meaning.
const (
	opPlus = iota
	opMinus
	opTimes
	opDivide
	opPower      = 5
	opMin        = 11
	opMax        = 12
	opNegate     = 16
	opIf         = 35
	opSum        = 54
	opRound      = 57
	opTrunc      = 58
	opPiecewise  = 64
	opAll        = 70
	opAny        = 71
	opSame       = 73
	opPowerConst = 76
	opSquare     = 77
	opConstPower = 78
)

// unaries and binaries are the operations that are nodes of the same meaning.
var unaries = map[int]expr.Op{
	13: expr.OpFloor, 14: expr.OpCeil, 15: expr.OpAbs, 34: expr.OpNot, 37: expr.OpTanh, 38: expr.OpTan, 39: expr.OpSqrt, 40: expr.OpSinh,
	41: expr.OpSin, 42: expr.OpLog10, 43: expr.OpLog, 44: expr.OpExp, 45: expr.OpCosh, 46: expr.OpCos, 47: expr.OpAtanh, 49: expr.OpAtan,
	50: expr.OpAsinh, 51: expr.OpAsin, 52: expr.OpAcosh, 53: expr.OpAcos,
}

var binaries = map[int]expr.Op{
	opDivide: expr.OpDiv, 4: expr.OpMod, opPower: expr.OpPow, 6: expr.OpLess, 20: expr.OpOr, 21: expr.OpAnd, 22: expr.OpLT, 23: expr.OpLE, 24: expr.OpEQ,
	28: expr.OpGE, 29: expr.OpGT, 30: expr.OpNE, 48: expr.OpAtan2, 55: expr.OpIntDiv, 56: expr.OpPrecision, opRound: expr.OpRound, opTrunc: expr.OpTrunc,
	opPowerConst: expr.OpPow, opConstPower: expr.OpPow,
}

// arguments is the number of arguments of an operation, -1 where it follows in the file; ok is false where the operation is not known.
func arguments(code int) (n int, ok bool) {
	switch code {
	case opPlus, opMinus, opTimes, opSame:
		return 2, true
	case opNegate, opSquare:
		return 1, true
	case opIf:
		return 3, true
	case opMin, opMax, opSum, opAll, opAny:
		return -1, true
	case opPiecewise:
		return 0, true
	}
	if _, ok := unaries[code]; ok {
		return 1, true
	}
	_, ok = binaries[code]
	return 2, ok
}

var operationNames = map[int]string{
	59: "count", 60: "numberof", 61: "numberof of strings", 62: "atleast", 63: "atmost", 65: "if of strings", 66: "exactly", 67: "not atleast",
	68: "not atmost", 69: "not exactly", 72: "implies", 74: "alldiff", 75: "somesame", 79: "a function call",
}

func operationName(code int) string {
	if name, ok := operationNames[code]; ok {
		return strconv.Itoa(code) + " (" + name + ")"
	}
	return strconv.Itoa(code)
}

// combine applies an operation.
func (r *reader) combine(code int, args []value) value {
	d := r.d
	switch code {
	case opPlus:
		return value{d.Add(args[0].node, args[1].node), added(args[0].size, args[1].size)}
	case opMinus:
		return value{d.Sub(args[0].node, args[1].node), added(args[0].size, args[1].size)}
	case opNegate:
		return value{d.Neg(args[0].node), args[0].size}
	case opTimes:
		return value{d.Mul(args[0].node, args[1].node), multiplied(args[0].size, args[1].size)}
	case opSquare:
		return value{d.Square(args[0].node), multiplied(args[0].size, args[0].size)}
	case opSum:
		size := int32(1)
		nodes := r.nodes(args)
		for _, a := range args {
			size = added(size, a.size)
		}
		return value{d.Sum(nodes...), size}
	case opMin:
		return value{d.Min(r.nodes(args)...), 1}
	case opMax:
		return value{d.Max(r.nodes(args)...), 1}
	case opIf:
		cond, then, els := args[0].node, args[1].node, args[2].node
		if v, ok := d.IsConst(then); ok && v == 1 && els == 0 && d.Op(cond).IsLogical() {
			return value{cond, 1} // a truth value where a number was due
		}
		return value{d.If(cond, then, els), max(args[1].size, args[2].size)}
	case opAll, opAny:
		op, out := expr.OpAnd, d.Const(1)
		if code == opAny {
			op, out = expr.OpOr, 0
		}
		for _, a := range args {
			out = d.Binary(op, out, a.node)
		}
		return value{out, 1}
	case opSame:
		return value{d.Binary(expr.OpEQ, d.Not(args[0].node), d.Not(args[1].node)), 1}
	}
	if op, ok := unaries[code]; ok {
		return value{d.Unary(op, args[0].node), 1}
	}
	op := binaries[code]
	size := int32(1)
	switch op {
	case expr.OpPow:
		if v, ok := d.IsConst(args[1].node); ok && v == 2 {
			size = multiplied(args[0].size, args[0].size)
		}
	case expr.OpDiv:
		size = args[0].size // by a number
	case expr.OpNE:
		if args[1].node == 0 && d.Op(args[0].node).IsLogical() {
			return args[0]
		}
	}
	return value{d.Binary(op, args[0].node, args[1].node), size}
}

// nodes are the nodes of values, in a slice that is valid until the next call.
func (r *reader) nodes(args []value) []expr.Node {
	r.args = r.args[:0]
	for _, a := range args {
		r.args = append(r.args, a.node)
	}
	return r.args
}
