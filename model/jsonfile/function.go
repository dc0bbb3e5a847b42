package jsonfile

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

func (d *document) function() function {
	f := function{at: d.here(), nonlinear: -1}
	d.object("constant, linear, quadratic and nonlinear", func(key string) bool {
		f.given = true
		switch key {
		case "constant":
			f.f.Const = d.real()
		case "linear":
			d.list(func(int) {
				var j int
				var c float64
				d.tuple("[variable, coefficient]", func() { j = d.whole(0, most) }, func() { c = d.real() })
				f.f.Vars, f.f.Coefs = append(f.f.Vars, int32(j)), append(f.f.Coefs, c)
			})
		case "quadratic":
			d.list(func(int) {
				var i, j int
				var c float64
				d.tuple("[variable, variable, coefficient]", func() { i = d.whole(0, most) }, func() { j = d.whole(0, most) }, func() { c = d.real() })
				f.f.Quad = append(f.f.Quad, model.QuadTerm{I: int32(min(i, j)), J: int32(max(i, j)), Coef: c})
			})
		case "nonlinear":
			f.nonlinear = d.whole(0, most)
		default:
			return false
		}
		return true
	})
	return f
}

// expression is an entry of the list of expressions.
type expression struct {
	at       int
	op       expr.Op
	value    float64
	variable int
	coefs    []float64
	args     []int32
}

var operations = func() map[string]expr.Op {
	all := map[string]expr.Op{}
	for op := expr.OpConst; op.String() != "invalid"; op++ {
		all[op.String()] = op
	}
	return all
}()

// expression reads entry i, whose arguments are entries before it.
func (d *document) expression(i int) expression {
	e := expression{at: d.here(), variable: -1}
	var op, value, terms, arguments, constant bool
	d.object("op, value, variable, constant, terms and arguments", func(key string) bool {
		switch key {
		case "op":
			at := d.here()
			word := d.str()
			if e.op, op = operations[word]; !op {
				d.fail(at, "the operation "+shorten(word), `it is one of const, var, sum, *, /, ^, exp, log, ...: see the schema`)
			}
		case "value":
			e.value, value = d.extended(), true
		case "constant":
			e.value, constant = d.extended(), true
		case "variable":
			e.variable = d.whole(0, most)
		case "terms":
			terms = true
			d.list(func(int) {
				d.tuple("[coefficient, expression]", func() { e.coefs = append(e.coefs, d.extended()) }, func() { e.args = append(e.args, d.argument(i)) })
			})
		case "arguments":
			arguments = true
			d.list(func(int) { e.args = append(e.args, d.argument(i)) })
		default:
			return false
		}
		return true
	})
	if d.err != nil {
		return e
	}
	want := "arguments"
	good := arguments && !value && !constant && !terms && e.variable < 0
	switch e.op {
	case expr.OpConst:
		want = "value"
		good = value && !arguments && !constant && !terms && e.variable < 0
	case expr.OpVar:
		want = "variable"
		good = e.variable >= 0 && !value && !arguments && !constant && !terms
	case expr.OpSum:
		want = "terms, and perhaps constant"
		good = terms && !value && !arguments && e.variable < 0
	}
	switch {
	case !op:
		d.missing(e.at, "op")
	case !good:
		d.fail(e.at, "members that do not fit the operation "+e.op.String(), "besides op it has "+want)
	case !fits(e.op, len(e.args)):
		d.fail(e.at, "not the number of arguments that "+e.op.String()+" has", "see the schema")
	}
	return e
}

// argument reads the place of an expression before entry i.
func (d *document) argument(i int) int32 {
	if i == 0 {
		d.fail(d.here(), "the first expression has no other before it", "an expression is made of earlier ones")
		return 0
	}
	return int32(d.whole(0, i-1))
}

// extended reads a number of an expression, which may be one of the words that JSON has no number for.
func (d *document) extended() float64 {
	if d.peek() != '"' {
		return d.real()
	}
	at := d.pos
	switch word := d.str(); word {
	case "Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	case "NaN":
		return math.NaN()
	default:
		d.fail(at, shorten(word)+" where a number is expected", `the texts that stand for numbers are "Infinity", "-Infinity" and "NaN"`)
	}
	return 0
}

// fits reports whether an operation takes n arguments.
func fits(op expr.Op, n int) bool {
	switch op {
	case expr.OpConst, expr.OpVar, expr.OpSum:
		return true
	case expr.OpMul, expr.OpMin, expr.OpMax:
		return n >= 1
	case expr.OpIf:
		return n == 3
	}
	return n == 1 && op.IsUnary() || n == 2 && op.IsBinary()
}
