package expr

// Op is the operation of a node.
type Op uint8

// The operations. OpRound and OpTrunc have one argument, or two when the number
// of decimals is given. OpSum is affine: constant + sum of coefficient*argument;
// it also stands for negation, subtraction and scaling.
const (
	OpConst Op = iota // a number
	OpVar             // a variable of the model
	OpSum             // c + c1*a1 + c2*a2 + ...
	OpMul             // a1*a2*..., at least two factors
	OpDiv             // a/b
	OpPow             // a^b

	OpAbs
	OpSqrt
	OpExp
	OpLog
	OpLog10
	OpSin
	OpCos
	OpTan
	OpAsin
	OpAcos
	OpAtan
	OpSinh
	OpCosh
	OpTanh
	OpAsinh
	OpAcosh
	OpAtanh
	OpFloor
	OpCeil
	OpRound // to the nearest integer, or to b decimals
	OpTrunc // towards zero, to an integer or to b decimals

	OpAtan2     // the angle of the point (b, a)
	OpMod       // the remainder of a/b with the sign of a
	OpIntDiv    // a/b truncated towards zero (AMPL's div)
	OpLess      // max(a-b, 0)
	OpPrecision // a rounded to b significant digits

	OpMin
	OpMax
	OpIf // if a then b else c

	OpLT
	OpLE
	OpEQ
	OpNE
	OpGE
	OpGT
	OpAnd
	OpOr
	OpNot

	numOps
)

var opNames = [numOps]string{
	OpConst: "const", OpVar: "var", OpSum: "sum", OpMul: "*", OpDiv: "/", OpPow: "^",
	OpAbs: "abs", OpSqrt: "sqrt", OpExp: "exp", OpLog: "log", OpLog10: "log10",
	OpSin: "sin", OpCos: "cos", OpTan: "tan", OpAsin: "asin", OpAcos: "acos", OpAtan: "atan",
	OpSinh: "sinh", OpCosh: "cosh", OpTanh: "tanh", OpAsinh: "asinh", OpAcosh: "acosh", OpAtanh: "atanh",
	OpFloor: "floor", OpCeil: "ceil", OpRound: "round", OpTrunc: "trunc",
	OpAtan2: "atan2", OpMod: "mod", OpIntDiv: "div", OpLess: "less", OpPrecision: "precision",
	OpMin: "min", OpMax: "max", OpIf: "if",
	OpLT: "<", OpLE: "<=", OpEQ: "=", OpNE: "<>", OpGE: ">=", OpGT: ">",
	OpAnd: "and", OpOr: "or", OpNot: "not",
}

// String returns the operation as AMPL writes it.
func (op Op) String() string {
	if op < numOps {
		return opNames[op]
	}
	return "invalid"
}

// IsUnary reports whether [DAG.Unary] accepts op.
func (op Op) IsUnary() bool { return op >= OpAbs && op <= OpTrunc || op == OpNot }

// IsBinary reports whether [DAG.Binary] accepts op.
func (op Op) IsBinary() bool {
	switch op {
	case OpDiv, OpPow, OpRound, OpTrunc, OpAnd, OpOr:
		return true
	}
	return op >= OpAtan2 && op <= OpPrecision || op.isComparison()
}

// IsLogical reports whether the value of op is a truth value, 0 or 1.
func (op Op) IsLogical() bool { return op >= OpLT && op <= OpNot }

func (op Op) isComparison() bool { return op >= OpLT && op <= OpGT }

// isFlat reports whether the derivative of op is zero wherever it exists.
func (op Op) isFlat() bool {
	switch op {
	case OpFloor, OpCeil, OpRound, OpTrunc, OpIntDiv, OpPrecision:
		return true
	}
	return op.IsLogical()
}

// isSelection reports whether op passes one of its arguments through, so that
// the others must not contribute to a derivative.
func (op Op) isSelection() bool {
	return op == OpIf || op == OpMin || op == OpMax || op == OpLess
}

// IsSmooth reports whether op is twice continuously differentiable inside its domain.
func (op Op) IsSmooth() bool {
	return op != OpAbs && op != OpMod && !op.isFlat() && !op.isSelection()
}
