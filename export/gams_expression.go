package export

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// gamsLimit is the number of operations and operands of an expression that is written out.
const gamsLimit = 1 << 18

// checkExpressions refuses what GAMS cannot say in an expression.
func (g *gamsWriter) checkExpressions() error {
	m, d := g.m, g.m.DAG()
	size := map[expr.Node]float64{}
	one := func(where string, f model.Function) error {
		if f.Nonlinear == 0 {
			return nil
		}
		for _, n := range reachable(d, []expr.Node{f.Nonlinear}) {
			if _, known := size[n]; known {
				continue
			}
			refuse := func(reason, remedy string) error {
				return &NotWritableError{"GAMS", model.NonlinearFunctions, where, reason, remedy}
			}
			if v, ok := badNumber(d, n); ok {
				return &NotWritableError{"GAMS", 0, where, "the number " + string(appendNumber(nil, v)) + " in an expression", "give a finite number"}
			}
			args := d.Args(n)
			switch op := d.Op(n); {
			case op == expr.OpPrecision, op == expr.OpTrunc && len(args) == 2:
				return refuse("the operation "+op.String(), "write .nl or .mod")
			case op == expr.OpRound && len(args) == 2:
				if _, ok := d.IsConst(args[1]); !ok {
					return refuse("round to a number of decimals that is not constant", "write .nl or .mod")
				}
			}
			total := 1.0
			for _, a := range args {
				total += size[a]
			}
			size[n] = total
			if total > gamsLimit {
				return refuse("an expression too long to write out, because its parts are used many times", "write .nl or .mod")
			}
		}
		return nil
	}
	for p := range m.NumPlayers() {
		if err := one("the objective of "+m.Player(p).Name(), m.Player(p).Objective().F); err != nil {
			return err
		}
	}
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) {
			if err := one(m.RowName(r), m.RowFunction(r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// function writes a function with its constant, each term after a space.
func (g *gamsWriter) function(f model.Function) {
	first := true
	term := func(c float64, factor string) {
		b := g.term[:0]
		switch {
		case c < 0 && first:
			b = append(b, " -"...)
		case c < 0:
			b = append(b, " - "...)
		case first:
			b = append(b, ' ')
		default:
			b = append(b, " + "...)
		}
		first = false
		if a := math.Abs(c); factor == "" {
			b = appendNumber(b, a)
		} else if b = append(b, factor...); a != 1 {
			b = append(appendNumber(b[:len(b)-len(factor)], a), '*')
			b = append(b, factor...)
		}
		g.term = b
		g.piece()
	}
	for k, j := range f.Vars {
		if f.Coefs[k] != 0 {
			term(f.Coefs[k], g.vars[j])
		}
	}
	for _, q := range f.Quad {
		if q.I == q.J {
			term(q.Coef, "sqr("+g.vars[q.I]+")")
		} else {
			term(q.Coef, g.vars[q.I]+"*"+g.vars[q.J])
		}
	}
	d := g.m.DAG()
	c := f.Const
	if n := f.Nonlinear; n != 0 {
		if d.Op(n) == expr.OpSum {
			c += d.Value(n)
			for k, a := range d.Args(n) {
				term(d.Coefs(n)[k], string(g.expression(nil, a, gamsFactor)))
			}
		} else {
			term(1, string(g.expression(nil, n, gamsFactor)))
		}
	}
	if c != 0 || first {
		term(c, "")
	}
}

// Binding strengths of GAMS, weakest first.
const (
	gamsSum = iota
	gamsFactor
	gamsPower
	gamsAtom
)

var gamsFunctions = map[expr.Op]string{
	expr.OpAbs: "abs", expr.OpSqrt: "sqrt", expr.OpExp: "exp", expr.OpLog: "log", expr.OpLog10: "log10",
	expr.OpSin: "sin", expr.OpCos: "cos", expr.OpTan: "tan", expr.OpAsin: "arcsin", expr.OpAcos: "arccos", expr.OpAtan: "arctan",
	expr.OpSinh: "sinh", expr.OpCosh: "cosh", expr.OpTanh: "tanh", expr.OpFloor: "floor", expr.OpCeil: "ceil", expr.OpRound: "round",
	expr.OpTrunc: "trunc", expr.OpAtan2: "arctan2", expr.OpMod: "mod", expr.OpMin: "min", expr.OpMax: "max", expr.OpIf: "ifthen",
	expr.OpLT: "rel_lt", expr.OpLE: "rel_le", expr.OpEQ: "rel_eq", expr.OpNE: "rel_ne", expr.OpGE: "rel_ge", expr.OpGT: "rel_gt",
	expr.OpAnd: "bool_and", expr.OpOr: "bool_or", expr.OpNot: "bool_not",
}

// expression appends a node where at least the given binding is needed.
func (g *gamsWriter) expression(b []byte, n expr.Node, needed int) []byte {
	d := g.m.DAG()
	args := d.Args(n)
	enclosed := func(own int, body func()) {
		if own < needed {
			b = append(b, '(')
			body()
			b = append(b, ')')
			return
		}
		body()
	}
	list := func(name string) {
		b = append(append(b, name...), '(')
		for k, a := range args {
			if k > 0 {
				b = append(b, ", "...)
			}
			b = g.expression(b, a, gamsSum)
		}
		b = append(b, ')')
	}
	switch op := d.Op(n); op {
	case expr.OpConst:
		v := d.Value(n)
		own := gamsAtom
		if v < 0 {
			own = gamsSum
		}
		enclosed(own, func() { b = appendNumber(b, v) })
	case expr.OpVar:
		b = append(b, g.vars[d.VarIndex(n)]...)
	case expr.OpSum:
		enclosed(gamsSum, func() { b = g.sum(b, n) })
	case expr.OpMul:
		enclosed(gamsFactor, func() {
			for k, a := range args {
				if k > 0 {
					b = append(b, '*')
				}
				b = g.expression(b, a, gamsPower)
			}
		})
	case expr.OpDiv:
		enclosed(gamsFactor, func() {
			b = append(g.expression(b, args[0], gamsPower), '/')
			b = g.expression(b, args[1], gamsPower)
		})
	case expr.OpPow:
		k, constant := d.IsConst(args[1])
		switch {
		case constant && k == 2:
			b = append(g.expression(append(b, "sqr("...), args[0], gamsSum), ')')
		case constant && k == math.Trunc(k) && math.Abs(k) < 1e6:
			list("power")
		default:
			enclosed(gamsFactor, func() {
				b = append(g.expression(b, args[0], gamsAtom), "**"...)
				b = g.expression(b, args[1], gamsAtom)
			})
		}
	case expr.OpAsinh, expr.OpAcosh:
		sign := " + 1))"
		if op == expr.OpAcosh {
			sign = " - 1))"
		}
		b = append(g.expression(append(b, "log("...), args[0], gamsFactor), " + sqrt(sqr("...)
		b = append(append(g.expression(b, args[0], gamsSum), ')'), sign...)
	case expr.OpAtanh:
		enclosed(gamsFactor, func() {
			b = append(g.expression(append(b, "0.5*log((1 + "...), args[0], gamsFactor), ")/(1 - "...)
			b = append(g.expression(b, args[0], gamsFactor), "))"...)
		})
	case expr.OpIntDiv:
		b = append(g.expression(append(b, "trunc("...), args[0], gamsPower), '/')
		b = append(g.expression(b, args[1], gamsPower), ')')
	case expr.OpLess:
		b = append(g.expression(append(b, "max("...), args[0], gamsFactor), " - "...)
		b = append(g.expression(b, args[1], gamsFactor), ", 0)"...)
	default:
		list(gamsFunctions[op])
	}
	return b
}

// sum appends the terms of a sum and its constant.
func (g *gamsWriter) sum(b []byte, n expr.Node) []byte {
	d := g.m.DAG()
	start := len(b)
	sign := func(c float64) {
		switch {
		case c < 0 && len(b) == start:
			b = append(b, '-')
		case c < 0:
			b = append(b, " - "...)
		case len(b) > start:
			b = append(b, " + "...)
		}
	}
	for k, a := range d.Args(n) {
		c := d.Coefs(n)[k]
		sign(c)
		if c = math.Abs(c); c != 1 {
			b = append(appendNumber(b, c), '*')
			b = g.expression(b, a, gamsPower)
		} else {
			b = g.expression(b, a, gamsFactor)
		}
	}
	if c := d.Value(n); c != 0 || len(b) == start {
		sign(c)
		b = appendNumber(b, math.Abs(c))
	}
	return b
}
