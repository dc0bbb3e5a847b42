package export

import "github.com/gobilevel/bilevel/model/expr"

// Codes of operations.
const (
	nlPlus    = 0
	nlTimes   = 2
	nlPower   = 5
	nlNegate  = 16
	nlNotSame = 30
	nlIf      = 35
	nlSum     = 54
)

// nlCodes are the codes of operations that are written with their arguments as they stand. OpSum and OpMul are not among them, nor those
// with a number of arguments that varies.
var nlCodes = map[expr.Op]int{
	expr.OpDiv: 3, expr.OpMod: 4, expr.OpPow: nlPower, expr.OpLess: 6, expr.OpFloor: 13, expr.OpCeil: 14, expr.OpAbs: 15,
	expr.OpOr: 20, expr.OpAnd: 21, expr.OpLT: 22, expr.OpLE: 23, expr.OpEQ: 24, expr.OpGE: 28, expr.OpGT: 29, expr.OpNE: nlNotSame, expr.OpNot: 34,
	expr.OpIf: nlIf, expr.OpTanh: 37, expr.OpTan: 38, expr.OpSqrt: 39, expr.OpSinh: 40, expr.OpSin: 41, expr.OpLog10: 42, expr.OpLog: 43,
	expr.OpExp: 44, expr.OpCosh: 45, expr.OpCos: 46, expr.OpAtanh: 47, expr.OpAtan2: 48, expr.OpAtan: 49, expr.OpAsinh: 50, expr.OpAsin: 51,
	expr.OpAcosh: 52, expr.OpAcos: 53, expr.OpIntDiv: 55, expr.OpPrecision: 56, expr.OpRound: 57, expr.OpTrunc: 58, expr.OpMin: 11, expr.OpMax: 12,
}

// nlPiece is something still to be written.
type nlPiece struct {
	kind     uint8
	logical  bool // the place takes a truth value
	node     expr.Node
	coef     float64
	from, to int // of the factors of a product; the variables of a quadratic term
}

const (
	pieceNumber  = iota // coef
	pieceNode           // node
	pieceTerm           // coef*node
	pieceProduct        // the factors of node at from to to-1
	pieceQuad           // coef*v_from*v_to
)

// nlWriter writes expressions. It keeps what is still to be written on a stack, so that depth costs no recursion.
type nlWriter struct {
	*nlOutput
	p     *nlProblem
	stack []nlPiece
	root  expr.Node // the common expression that is being defined, -1: none
}

// function writes the expression of a function: the terms of its nonlinear part, and its constant.
func (w *nlWriter) function(f *nlFunction) {
	w.root = -1
	pieces := make([]nlPiece, 0, len(f.quad)+len(f.terms)+1)
	for _, q := range f.quad {
		pieces = append(pieces, nlPiece{kind: pieceQuad, coef: q.Coef, from: int(w.p.varPlace[q.I]), to: int(w.p.varPlace[q.J])})
	}
	for _, t := range f.terms {
		pieces = append(pieces, nlPiece{kind: pieceTerm, coef: t.coef, node: t.node})
	}
	w.sum(pieces, f.constant)
	w.run()
}

// sum puts a sum on the stack.
func (w *nlWriter) sum(pieces []nlPiece, constant float64) {
	if constant != 0 || len(pieces) == 0 {
		pieces = append(pieces, nlPiece{kind: pieceNumber, coef: constant})
	}
	switch len(pieces) {
	case 1:
	case 2:
		w.op(nlPlus)
	default:
		w.op(nlSum)
		w.count(len(pieces))
	}
	for k := len(pieces) - 1; k >= 0; k-- {
		w.stack = append(w.stack, pieces[k])
	}
}

// definition writes the V segment of a common expression; owner is the number of the only function that uses it as the format counts
// them, 0 where there are several.
func (w *nlWriter) definition(n expr.Node, owner int) {
	d := w.p.m.DAG()
	w.root = n
	at := len(w.p.vars) + int(w.p.common.place[n])
	if d.Op(n) != expr.OpSum {
		w.segment('V', at, 0, owner)
		w.node(n, false)
		w.run()
		return
	}
	var linear []nlEntry
	var pieces []nlPiece
	coefs := d.Coefs(n)
	for k, a := range d.Args(n) {
		if v := d.VarIndex(a); v >= 0 {
			linear = append(linear, nlEntry{w.p.varPlace[v], coefs[k]})
		} else {
			pieces = append(pieces, nlPiece{kind: pieceTerm, coef: coefs[k], node: a})
		}
	}
	linear = merged(linear)
	w.segment('V', at, len(linear), owner)
	for _, e := range linear {
		w.pair(int(e.at), e.coef)
	}
	w.sum(pieces, d.Value(n))
	w.run()
}

func (w *nlWriter) run() {
	for len(w.stack) > 0 {
		t := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		switch t.kind {
		case pieceNumber:
			w.num(t.coef)
		case pieceNode:
			w.node(t.node, t.logical)
		case pieceTerm:
			w.scale(t.coef)
			w.node(t.node, false)
		case pieceProduct:
			w.product(t.node, t.from, t.to)
		case pieceQuad:
			w.scale(t.coef)
			if t.from == t.to {
				w.op(nlPower)
				w.ref(t.from)
				w.num(2)
			} else {
				w.op(nlTimes)
				w.ref(t.from)
				w.ref(t.to)
			}
		}
	}
}

// scale writes what multiplies by c the expression that follows.
func (w *nlWriter) scale(c float64) {
	switch c {
	case 1:
	case -1:
		w.op(nlNegate)
	default:
		w.op(nlTimes)
		w.num(c)
	}
}

// product writes factors in halves, so that a long product is not deep.
func (w *nlWriter) product(n expr.Node, from, to int) {
	if to-from == 1 {
		w.node(w.p.m.DAG().Args(n)[from], false)
		return
	}
	w.op(nlTimes)
	mid := (from + to + 1) / 2
	w.stack = append(w.stack, nlPiece{kind: pieceProduct, node: n, from: mid, to: to}, nlPiece{kind: pieceProduct, node: n, from: from, to: mid})
}

// node writes the operation of a node and puts its arguments on the stack. A truth value where a number is due is written as "if it then 1
// else 0", a number where a truth value is due as "it <> 0".
func (w *nlWriter) node(n expr.Node, logical bool) {
	d := w.p.m.DAG()
	op := d.Op(n)
	place, common := w.p.common.place[n]
	common = common && n != w.root
	truth := op.IsLogical() && !common
	if logical && !truth {
		w.op(nlNotSame)
		w.stack = append(w.stack, nlPiece{kind: pieceNumber})
	}
	if truth && !logical {
		w.op(nlIf)
		w.stack = append(w.stack, nlPiece{kind: pieceNumber}, nlPiece{kind: pieceNumber, coef: 1})
	}
	args := d.Args(n)
	switch {
	case common:
		w.ref(len(w.p.vars) + int(place))
	case op == expr.OpConst:
		w.num(d.Value(n))
	case op == expr.OpVar:
		w.ref(int(w.p.varPlace[d.VarIndex(n)]))
	case op == expr.OpSum:
		coefs := d.Coefs(n)
		pieces := make([]nlPiece, len(args), len(args)+1)
		for k, a := range args {
			pieces[k] = nlPiece{kind: pieceTerm, coef: coefs[k], node: a}
		}
		w.sum(pieces, d.Value(n))
	case op == expr.OpMul:
		w.product(n, 0, len(args))
	default:
		w.op(nlCodes[op])
		if op == expr.OpMin || op == expr.OpMax {
			w.count(len(args))
		}
		if (op == expr.OpRound || op == expr.OpTrunc) && len(args) == 1 {
			w.stack = append(w.stack, nlPiece{kind: pieceNumber}) // no decimals
		}
		for k := len(args) - 1; k >= 0; k-- {
			takesTruth := op == expr.OpAnd || op == expr.OpOr || op == expr.OpNot || op == expr.OpIf && k == 0
			w.stack = append(w.stack, nlPiece{kind: pieceNode, node: args[k], logical: takesTruth})
		}
	}
}
