package reform

import "github.com/gobilevel/bilevel/model"

// substituteValues replaces variables whose bounds are equal by their value in the quadratic part of a function, so that a product with
// such a variable counts as linear.
func substituteValues(m *model.Model, f model.Function, bounds func(j int) (lo, hi float64)) model.Function {
	fixed := func(j int32) (float64, bool) {
		lo, hi := bounds(int(j))
		return lo, lo == hi
	}
	any := false
	for _, q := range f.Quad {
		_, a := fixed(q.I)
		_, b := fixed(q.J)
		any = any || a || b
	}
	if !any {
		return f
	}
	acc := m.Accumulator()
	acc.AddFunction(1, model.Function{Const: f.Const, Vars: f.Vars, Coefs: f.Coefs, Nonlinear: f.Nonlinear})
	for _, q := range f.Quad {
		vi, fi := fixed(q.I)
		vj, fj := fixed(q.J)
		switch {
		case fi && fj:
			acc.AddConst(q.Coef * vi * vj)
		case fi:
			acc.AddTerm(q.Coef*vi, int(q.J))
		case fj:
			acc.AddTerm(q.Coef*vj, int(q.I))
		default:
			acc.AddProduct(q.Coef, int(q.I), int(q.J))
		}
	}
	return acc.Function()
}
