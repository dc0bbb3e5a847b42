package global

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
)

// nested writes a node with the powers of one variable in its outermost sum after Horner,
//
//	a v^p + b v^q + ... = v^q (b + a v^(p-q)),   p > q,
//
// and leaves the other terms as they are: x^4 - 2x² + (y - 1)² is x² (x² - 2) + (y - 1)², which is bounded on one side where x and y are not bounded. The result
// is n where there is nothing to nest. It serves as a second way to write a function.
func nested(d *expr.DAG, n expr.Node) expr.Node {
	if d.Op(n) != expr.OpSum {
		return n
	}
	type term struct{ power, coef float64 }
	byVar := map[expr.Node][]term{}
	var order, rest []expr.Node
	var weights []float64
	for k, a := range d.Args(n) {
		v, p := a, 1.0
		if d.Op(a) == expr.OpPow {
			if e, ok := d.IsConst(d.Args(a)[1]); ok && e > 1 && e == math.Trunc(e) && e < 100 {
				v, p = d.Args(a)[0], e
			}
		}
		if d.Op(v) != expr.OpVar {
			rest, weights = append(rest, a), append(weights, d.Coefs(n)[k])
			continue
		}
		if byVar[v] == nil {
			order = append(order, v)
		}
		byVar[v] = append(byVar[v], term{p, d.Coefs(n)[k]})
	}
	constant, changed := d.Value(n), false
	for _, v := range order {
		list := byVar[v]
		slices.SortFunc(list, func(a, b term) int { return int(b.power - a.power) })
		changed = changed || len(list) > 1
		inner := d.Const(list[0].coef)
		for k, t := range list {
			next := 0.0
			if k+1 < len(list) {
				next = list[k+1].power
			}
			inner = d.Mul(d.Pow(v, d.Const(t.power-next)), inner)
			if next > 0 {
				inner = d.Linear(list[k+1].coef, []float64{1}, []expr.Node{inner})
			}
		}
		rest, weights = append(rest, inner), append(weights, 1)
	}
	if !changed {
		return n
	}
	return d.Linear(constant, weights, rest)
}
