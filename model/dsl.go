package model

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Expr is an expression in the variables of a model, made by the methods of Var and Expr and by Sum, Dot and the functions of this
// package. Combining expressions costs O(1): the terms are gathered once, when the expression becomes an objective or a constraint.
// An operand is a number (any Go integer or float), a Var or an Expr; anything else is an error that the model collects.
type Expr struct{ t *term }

// term is a node of an expression as it was written.
type term struct {
	op    termOp
	fn    expr.Op // of opApply
	c     float64
	v     Var
	a, b  *term
	*dot  // of opDot
	*many // of opSum, opBad and opApply with a list
}

// dot and many hold what few terms have, so that the others, of which a large model makes many millions, are short.
type dot struct {
	vars  []Var
	coefs []float64
}

type many struct {
	list []*term
	bad  string
}

// badTerm is an operand without meaning.
func badTerm(format string, a ...any) *term {
	return &term{op: opBad, many: &many{bad: fmt.Sprintf(format, a...)}}
}

type termOp uint8

const (
	opConst termOp = iota // c
	opVar                 // c*v
	opAdd                 // a + b
	opScale               // c*a
	opMul                 // a*b
	opDiv                 // a/b
	opPow                 // a^b
	opSum                 // sum of list
	opDot                 // sum of coefs[k]*vars[k]; coefs nil: all one
	opApply               // fn(a) or fn(list)
	opBad                 // an operand without meaning
)

// operand turns a number, a Var or an Expr into a term.
func operand(e any) *term {
	switch v := e.(type) {
	case Var:
		return &term{op: opVar, c: 1, v: v}
	case Expr:
		if v.t == nil {
			return &term{op: opConst}
		}
		return v.t
	}
	if c, ok := goNumber(e); ok {
		return &term{op: opConst, c: c}
	}
	return badTerm("a %T cannot be part of an expression", e)
}

// goNumber is the value of an operand that is a number of a Go type.
func goNumber(e any) (c float64, ok bool) {
	switch v := e.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case float32:
		return float64(v), true
	case int64:
		return float64(v), true
	case int32:
		return float64(v), true
	case uint:
		return float64(v), true
	}
	return 0, false
}

// number is the value of an operand that is a finite number. Such operands become bounds and coefficients at once, without a term in
// between: a million constraints leave so much less behind.
func number(e any) (c float64, ok bool) {
	c, ok = goNumber(e)
	return c, ok && !math.IsInf(c, 0) && !math.IsNaN(c)
}

// Plus is v + e.
func (v Var) Plus(e any) Expr { return v.Expr().Plus(e) }

// Minus is v - e.
func (v Var) Minus(e any) Expr { return v.Expr().Minus(e) }

// Times is v * e.
func (v Var) Times(e any) Expr {
	if c, ok := number(e); ok && c != 0 {
		return Expr{&term{op: opVar, c: c, v: v}}
	}
	return v.Expr().Times(e)
}

// Over is v / e.
func (v Var) Over(e any) Expr { return v.Expr().Over(e) }

// Pow is v to the power e.
func (v Var) Pow(e any) Expr { return v.Expr().Pow(e) }

// Neg is -v.
func (v Var) Neg() Expr { return v.Expr().Neg() }

// Expr is the variable as an expression.
func (v Var) Expr() Expr { return Expr{operand(v)} }

// LE is the constraint v <= e.
func (v Var) LE(e any) Relation { return v.Expr().LE(e) }

// GE is the constraint v >= e.
func (v Var) GE(e any) Relation { return v.Expr().GE(e) }

// Eq is the constraint v = e.
func (v Var) Eq(e any) Relation { return v.Expr().Eq(e) }

// Between is the constraint lo <= v <= hi.
func (v Var) Between(lo, hi float64) Relation { return v.Expr().Between(lo, hi) }

// Const is the number c as an expression.
func Const(c float64) Expr { return Expr{operand(c)} }

// Plus is e + f.
func (e Expr) Plus(f any) Expr { return Expr{&term{op: opAdd, a: operand(e), b: operand(f)}} }

// Minus is e - f.
func (e Expr) Minus(f any) Expr {
	return Expr{&term{op: opAdd, a: operand(e), b: &term{op: opScale, c: -1, a: operand(f)}}}
}

// Neg is -e.
func (e Expr) Neg() Expr { return Expr{&term{op: opScale, c: -1, a: operand(e)}} }

// Times is e * f.
func (e Expr) Times(f any) Expr {
	b := operand(f)
	if b.op == opConst {
		return Expr{&term{op: opScale, c: b.c, a: operand(e)}}
	}
	return Expr{&term{op: opMul, a: operand(e), b: b}}
}

// Over is e / f.
func (e Expr) Over(f any) Expr { return Expr{&term{op: opDiv, a: operand(e), b: operand(f)}} }

// Pow is e to the power f.
func (e Expr) Pow(f any) Expr { return Expr{&term{op: opPow, a: operand(e), b: operand(f)}} }

// LE is the constraint e <= f.
func (e Expr) LE(f any) Relation {
	if c, ok := number(f); ok {
		return Relation{e, math.Inf(-1), c}
	}
	return Relation{e.Minus(f), math.Inf(-1), 0}
}

// GE is the constraint e >= f.
func (e Expr) GE(f any) Relation {
	if c, ok := number(f); ok {
		return Relation{e, c, math.Inf(1)}
	}
	return Relation{e.Minus(f), 0, math.Inf(1)}
}

// Eq is the constraint e = f.
func (e Expr) Eq(f any) Relation {
	if c, ok := number(f); ok {
		return Relation{e, c, c}
	}
	return Relation{e.Minus(f), 0, 0}
}

// Between is the constraint lo <= e <= hi.
func (e Expr) Between(lo, hi float64) Relation { return Relation{e, lo, hi} }

// Relation is a constraint lo <= e <= hi that has not yet a name and an owner.
type Relation struct {
	e      Expr
	lo, hi float64
}

// Sum is the sum of variables or of expressions.
func Sum[T Var | Expr](terms ...T) Expr {
	if vars, ok := any(terms).([]Var); ok {
		return Dot(nil, vars)
	}
	list := make([]*term, len(terms))
	for k, e := range terms {
		list[k] = operand(any(e))
	}
	return Expr{&term{op: opSum, many: &many{list: list}}}
}

// SumOver is the sum of f(0), ..., f(n-1), each a number, a Var or an Expr.
func SumOver(n int, f func(k int) any) Expr {
	list := make([]*term, max(n, 0))
	for k := range list {
		list[k] = operand(f(k))
	}
	return Expr{&term{op: opSum, many: &many{list: list}}}
}

// Dot is Σ coefs[k]*vars[k]; nil coefs stand for ones. It is the quickest way to write a long linear expression. The slices must not
// change until the expression has been used.
func Dot(coefs []float64, vars []Var) Expr {
	if coefs != nil && len(coefs) != len(vars) {
		return Expr{badTerm("%d coefficients for %d variables", len(coefs), len(vars))}
	}
	both := &struct { // one piece of memory
		term
		own dot
	}{term{op: opDot}, dot{vars, coefs}}
	both.term.dot = &both.own
	return Expr{&both.term}
}

func apply(fn expr.Op, e any) Expr { return Expr{&term{op: opApply, fn: fn, a: operand(e)}} }

// Exp is e to the power x of an operand x.
func Exp(x any) Expr { return apply(expr.OpExp, x) }

// Log is the natural logarithm of an operand.
func Log(x any) Expr { return apply(expr.OpLog, x) }

// Sqrt is the square root of an operand.
func Sqrt(x any) Expr { return apply(expr.OpSqrt, x) }

// Sin is the sine of an operand.
func Sin(x any) Expr { return apply(expr.OpSin, x) }

// Cos is the cosine of an operand.
func Cos(x any) Expr { return apply(expr.OpCos, x) }

// Tan is the tangent of an operand.
func Tan(x any) Expr { return apply(expr.OpTan, x) }

// Atan is the arc tangent of an operand.
func Atan(x any) Expr { return apply(expr.OpAtan, x) }

// Tanh is the hyperbolic tangent of an operand.
func Tanh(x any) Expr { return apply(expr.OpTanh, x) }

// Abs is the absolute value of an operand.
func Abs(x any) Expr { return apply(expr.OpAbs, x) }

// Log10 is the decimal logarithm of an operand.
func Log10(x any) Expr { return apply(expr.OpLog10, x) }

// Asin is the arc sine of an operand.
func Asin(x any) Expr { return apply(expr.OpAsin, x) }

// Acos is the arc cosine of an operand.
func Acos(x any) Expr { return apply(expr.OpAcos, x) }

// Sinh is the hyperbolic sine of an operand.
func Sinh(x any) Expr { return apply(expr.OpSinh, x) }

// Cosh is the hyperbolic cosine of an operand.
func Cosh(x any) Expr { return apply(expr.OpCosh, x) }

// Min is the smallest of its operands.
func Min(x ...any) Expr { return applyList(expr.OpMin, x) }

// Max is the largest of its operands.
func Max(x ...any) Expr { return applyList(expr.OpMax, x) }

func applyList(fn expr.Op, x []any) Expr {
	if len(x) == 0 {
		return Expr{badTerm("%v of nothing", fn)}
	}
	list := make([]*term, len(x))
	for k := range x {
		list[k] = operand(x[k])
	}
	return Expr{&term{op: opApply, fn: fn, many: &many{list: list}}}
}
