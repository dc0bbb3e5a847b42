package expr

import (
	"cmp"
	"fmt"
	"slices"
)

// flattenLimit is the length up to which a nested sum, product, min or max is
// merged into the node above it. A limit keeps s = s + x in a loop linear in time
// and memory; longer nested sums stay shared.
const flattenLimit = 16

// term is one summand of an OpSum under construction.
type term struct {
	arg  Node
	coef float64
}

// Linear returns c + sum coefs[k]*args[k]. A nil coefs stands for all ones.
// Constants are folded, equal arguments merged, zero terms dropped, and terms
// sorted by argument. A nested sum is flattened if it has at most 16 terms, or if
// it is the only argument and its coefficient is 1 or -1; [DAG.Flatten] flattens
// the rest.
func (d *DAG) Linear(c float64, coefs []float64, args []Node) Node {
	if coefs != nil && len(coefs) != len(args) {
		panic(fmt.Sprintf("expr: %d coefficients for %d arguments", len(coefs), len(args)))
	}
	terms := d.terms[:0]
	for k, a := range args {
		coef := 1.0
		if coefs != nil {
			coef = coefs[k]
		}
		switch r := &d.nodes[a]; {
		case r.op == OpConst:
			c += coef * r.val
		case coef == 0:
		case r.op == OpSum && (r.num <= flattenLimit || len(args) == 1 && (coef == 1 || coef == -1)):
			c += coef * r.val
			for j, inner := range d.Coefs(a) {
				terms = append(terms, term{d.args[int(r.arg)+j], coef * inner})
			}
		default:
			terms = append(terms, term{a, coef})
		}
	}
	d.terms = terms
	return d.internSum(c, mergeTerms(terms))
}

// mergeTerms sorts terms by argument, adds up equal ones and drops zeros, in place.
func mergeTerms(terms []term) []term {
	sorted := true
	for k := 1; k < len(terms) && sorted; k++ {
		sorted = terms[k-1].arg < terms[k].arg
	}
	if !sorted {
		slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(a.arg, b.arg) })
	}
	out := terms[:0]
	for k := 0; k < len(terms); {
		t := terms[k]
		for k++; k < len(terms) && terms[k].arg == t.arg; k++ {
			t.coef += terms[k].coef
		}
		if t.coef != 0 {
			out = append(out, t)
		}
	}
	return out
}

func (d *DAG) internSum(c float64, terms []term) Node {
	switch {
	case len(terms) == 0:
		return d.Const(c)
	case len(terms) == 1 && terms[0].coef == 1 && c == 0:
		return terms[0].arg
	case len(terms) == 1 && terms[0].coef != -1 && c == 0:
		t := terms[0]
		if r := &d.nodes[t.arg]; r.op == OpDiv {
			if k, ok := d.IsConst(d.args[r.arg]); ok && t.coef*k != 0 && isFinite(t.coef*k) {
				return d.Div(d.Const(t.coef*k), d.args[r.arg+1]) // 2*(3/x) is 6/x
			}
		}
	}
	if c == 0 {
		c = 0 // negative zero would make a second node of the same value
	}
	var argBuf [flattenLimit]Node
	var coefBuf [flattenLimit]float64
	args, coefs := argBuf[:0], coefBuf[:0]
	for _, t := range terms {
		args, coefs = append(args, t.arg), append(coefs, t.coef)
	}
	return d.intern(OpSum, c, 0, args, coefs)
}

// Add returns a + b.
func (d *DAG) Add(a, b Node) Node { return d.Linear(0, nil, []Node{a, b}) }

// Sub returns a - b.
func (d *DAG) Sub(a, b Node) Node { return d.Linear(0, []float64{1, -1}, []Node{a, b}) }

// Neg returns -a.
func (d *DAG) Neg(a Node) Node { return d.Scale(-1, a) }

// Scale returns c*a.
func (d *DAG) Scale(c float64, a Node) Node {
	if c == 1 {
		return a
	}
	return d.Linear(0, []float64{c}, []Node{a})
}

// Sum returns the sum of args.
func (d *DAG) Sum(args ...Node) Node { return d.Linear(0, nil, args) }

// divideBy returns a/c for a constant c that is neither 0 nor infinite. The
// coefficients are divided, not multiplied by 1/c, so that 3x/3 is x.
func (d *DAG) divideBy(a Node, c float64) Node {
	if r := &d.nodes[a]; r.op == OpSum && r.num <= flattenLimit {
		var coefBuf [flattenLimit]float64
		var argBuf [flattenLimit]Node
		coefs, args := coefBuf[:r.num], argBuf[:r.num]
		copy(args, d.Args(a))
		for k, coef := range d.Coefs(a) {
			coefs[k] = coef / c
		}
		return d.Linear(r.val/c, coefs, args)
	}
	return d.Linear(0, []float64{1 / c}, []Node{a})
}

// scaled splits n into coef*base: a sum with one term and no constant gives its
// coefficient and argument, anything else 1 and itself.
func (d *DAG) scaled(n Node) (coef float64, base Node) {
	if r := &d.nodes[n]; r.op == OpSum && r.num == 1 && r.val == 0 {
		return d.coefs[r.coef], d.args[r.arg]
	}
	return 1, n
}

// Flatten returns n as c + sum coefs[k]*args[k] in which no argument is a sum or a
// constant and arguments ascend without repetition. The work is linear in the size
// of the nested sums, each of which is visited once however often it is shared.
func (d *DAG) Flatten(n Node) (c float64, coefs []float64, args []Node) {
	if d.nodes[n].op != OpSum {
		if v, ok := d.IsConst(n); ok {
			return v, nil, nil
		}
		return 0, []float64{1}, []Node{n}
	}
	s := acquire(d)
	defer s.release()
	order := s.walkSums(d, n)
	weight := s.floats(d)
	for _, m := range order {
		weight[m] = 0
	}
	weight[n] = 1
	for k := len(order) - 1; k >= 0; k-- {
		m := order[k]
		w := weight[m]
		r := &d.nodes[m]
		switch {
		case w == 0:
		case r.op == OpConst:
			c += w * r.val
		case r.op != OpSum:
			coefs, args = append(coefs, w), append(args, m)
		default:
			c += w * r.val
			inner := d.Coefs(m)
			for j, a := range d.Args(m) {
				weight[a] += w * inner[j]
			}
		}
	}
	slices.Reverse(coefs)
	slices.Reverse(args)
	return c, coefs, args
}
