package global

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Rewrite writes a function of a model as a node of d, the model's DAG or a fork of it, for intervals, in which a variable should stand but once:
// a y² + b y becomes a (y + c)² - a c², c = b/2a. It returns a bound on how far the node is from the function at any point, by the rounding of its constant;
// what the rounding of c leaves of b y is kept as a term.
func Rewrite(d *expr.DAG, f model.Function) (node expr.Node, off float64) {
	linear := map[int32]float64{}
	for k, j := range f.Vars {
		linear[j] = f.Coefs[k]
	}
	constant, sum := f.Const, math.Abs(f.Const)
	var coefs []float64
	var args []expr.Node
	add := func(c float64, a expr.Node) {
		if c != 0 {
			coefs, args = append(coefs, c), append(args, a)
		}
	}
	for _, q := range f.Quad {
		if q.I != q.J {
			add(q.Coef, d.Mul(d.Var(int(q.I)), d.Var(int(q.J))))
			continue
		}
		b := linear[q.I]
		c := b / (2 * q.Coef)
		if b == 0 || math.IsInf(c, 0) || math.IsInf(q.Coef*c*c, 0) {
			add(q.Coef, d.Square(d.Var(int(q.I))))
			continue
		}
		add(q.Coef, d.Square(d.Linear(c, []float64{1}, []expr.Node{d.Var(int(q.I))})))
		linear[q.I] = math.FMA(-2*q.Coef, c, b)
		constant -= q.Coef * c * c
		sum += math.Abs(q.Coef * c * c)
	}
	for _, j := range f.Vars {
		add(linear[j], d.Var(int(j)))
	}
	if f.Nonlinear != 0 {
		add(1, factored(d, f.Nonlinear))
	}
	if f.Nonlinear == 0 && sum == math.Abs(f.Const) {
		return d.Linear(constant, coefs, args), 0
	}
	n := float64(len(f.Quad) + 4)
	return d.Linear(constant, coefs, args), 4 * n * epsilon * sum
}

// factored writes the node n with each a v² + b v inside of it as v (b + a v), which is bounded on one side where v is not bounded.
func factored(d *expr.DAG, n expr.Node) expr.Node {
	used := make([]bool, int(n)+1)
	used[n] = true
	for k := int(n); k >= 0; k-- {
		if used[k] {
			for _, a := range d.Args(expr.Node(k)) {
				used[a] = true
			}
		}
	}
	to := make([]expr.Node, int(n)+1)
	var args []expr.Node
	for k := range to {
		if !used[k] {
			continue
		}
		node := expr.Node(k)
		args = args[:0]
		same := true
		for _, a := range d.Args(node) {
			args = append(args, to[a])
			same = same && to[a] == a
		}
		switch op := d.Op(node); {
		case op == expr.OpSum:
			to[k] = factoredSum(d, d.Value(node), append([]float64(nil), d.Coefs(node)...), append([]expr.Node(nil), args...))
		case same:
			to[k] = node
		case op == expr.OpMul:
			to[k] = d.Product(args...)
		case op == expr.OpDiv:
			to[k] = d.Div(args[0], args[1])
		case op == expr.OpPow:
			to[k] = d.Pow(args[0], args[1])
		case op == expr.OpMin:
			to[k] = d.Min(args...)
		case op == expr.OpMax:
			to[k] = d.Max(args...)
		case op == expr.OpIf:
			to[k] = d.If(args[0], args[1], args[2])
		case op == expr.OpNot:
			to[k] = d.Not(args[0])
		case op.IsUnary() && len(args) == 1:
			to[k] = d.Unary(op, args[0])
		case op.IsBinary() && len(args) == 2:
			to[k] = d.Binary(op, args[0], args[1])
		default:
			to[k] = node
		}
	}
	return to[n]
}

func factoredSum(d *expr.DAG, constant float64, coefs []float64, args []expr.Node) expr.Node {
	place := map[expr.Node]int{}
	for k, a := range args {
		place[a] = k
	}
	for k, a := range args {
		if d.Op(a) != expr.OpPow {
			continue
		}
		if p, ok := d.IsConst(d.Args(a)[1]); !ok || p != 2 {
			continue
		}
		v := d.Args(a)[0]
		l, ok := place[v]
		if !ok || coefs[l] == 0 {
			continue
		}
		args[k] = d.Mul(v, d.Linear(coefs[l], []float64{coefs[k]}, []expr.Node{v}))
		coefs[k], coefs[l] = 1, 0
	}
	return d.Linear(constant, coefs, args)
}
