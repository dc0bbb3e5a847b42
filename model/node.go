package model

import "github.com/gobilevel/bilevel/model/expr"

// Node returns the whole function as one node of the model's DAG.
func (m *Model) Node(f Function) expr.Node {
	if len(f.Vars) == 0 && len(f.Quad) == 0 && f.Const == 0 {
		return f.Nonlinear
	}
	d := m.dag
	n := len(f.Vars) + len(f.Quad) + 1
	coefs, args := make([]float64, 0, n), make([]expr.Node, 0, n)
	for k, j := range f.Vars {
		coefs, args = append(coefs, f.Coefs[k]), append(args, d.Var(int(j)))
	}
	for _, q := range f.Quad {
		p := d.Mul(d.Var(int(q.I)), d.Var(int(q.J)))
		coefs, args = append(coefs, q.Coef), append(args, p)
	}
	if f.Nonlinear != 0 {
		coefs, args = append(coefs, 1), append(args, f.Nonlinear)
	}
	return d.Linear(f.Const, coefs, args)
}

// FromNode brings a node of the model's DAG to normal form: the affine and quadratic parts of its outermost sum are taken apart, what
// is left stays nonlinear. It is how symbolic gradients become rows.
func (m *Model) FromNode(n expr.Node) Function {
	acc := m.Accumulator()
	m.split(acc, 1, n)
	return acc.Function()
}

func (m *Model) split(acc *Accumulator, c float64, n expr.Node) {
	d := m.dag
	switch d.Op(n) {
	case expr.OpConst:
		acc.AddConst(c * d.Value(n))
	case expr.OpVar:
		acc.AddTerm(c, d.VarIndex(n))
	case expr.OpSum:
		konst, coefs, args := d.Flatten(n)
		acc.AddConst(c * konst)
		for k, a := range args {
			m.split(acc, c*coefs[k], a)
		}
	default:
		if f, ok := m.quadratic(n); ok {
			acc.AddFunction(c, f)
		} else {
			acc.AddNode(c, n)
		}
	}
}

// quadratic returns a product of two affine nodes or the square of one as a function.
func (m *Model) quadratic(n expr.Node) (Function, bool) {
	d := m.dag
	args := d.Args(n)
	var f, g Function
	var ok bool
	switch d.Op(n) {
	case expr.OpMul:
		if len(args) != 2 {
			return Function{}, false
		}
		if f, ok = m.affine(args[0]); !ok {
			return Function{}, false
		}
		if g, ok = m.affine(args[1]); !ok {
			return Function{}, false
		}
	case expr.OpPow:
		if d.Op(args[1]) != expr.OpConst || d.Value(args[1]) != 2 {
			return Function{}, false
		}
		if f, ok = m.affine(args[0]); !ok {
			return Function{}, false
		}
		g = f
	default:
		return Function{}, false
	}
	if len(f.Vars)*len(g.Vars) > productLimit {
		return Function{}, false
	}
	acc := m.Accumulator()
	acc.AddFactors(1, f, g)
	product := acc.Function()
	return product, product.Nonlinear == 0
}

// affine returns a constant, a variable or a sum of such as a function.
func (m *Model) affine(n expr.Node) (Function, bool) {
	d := m.dag
	switch d.Op(n) {
	case expr.OpConst:
		return Function{Const: d.Value(n)}, true
	case expr.OpVar:
		return Function{Vars: []int32{int32(d.VarIndex(n))}, Coefs: []float64{1}}, true
	case expr.OpSum:
		acc := m.Accumulator()
		konst, coefs, args := d.Flatten(n)
		acc.AddConst(konst)
		for k, a := range args {
			if d.Op(a) != expr.OpVar {
				return Function{}, false
			}
			acc.AddTerm(coefs[k], d.VarIndex(a))
		}
		return acc.Function(), true
	}
	return Function{}, false
}

// applyFunction adds c*fn(operands) of a term.
func (m *Model) applyFunction(acc *Accumulator, c float64, t *term, where string) bool {
	if t.a != nil {
		f, ok := m.gather(t.a, where)
		if ok {
			m.split(acc, c, m.dag.Unary(t.fn, m.Node(f)))
		}
		return ok
	}
	args := make([]expr.Node, len(t.list))
	for k, e := range t.list {
		f, ok := m.gather(e, where)
		if !ok {
			return false
		}
		args[k] = m.Node(f)
	}
	if t.fn == expr.OpMin {
		m.split(acc, c, m.dag.Min(args...))
	} else {
		m.split(acc, c, m.dag.Max(args...))
	}
	return true
}
