package model

import "math"

// setRelation gives row r the function and bounds of a relation.
func (m *Model) setRelation(r int, rel Relation, acc *Accumulator) {
	t := rel.e.t
	if t == nil {
		t = operand(rel.e)
	}
	if !m.collectAffine(acc, 1, t) {
		acc.Reset()
		if !m.collect(acc, 1, t, m.RowName(r)) {
			return
		}
	}
	if math.IsNaN(rel.lo) || math.IsNaN(rel.hi) {
		m.checkBounds(m.RowName(r), "the constraint", rel.lo, rel.hi)
		return
	}
	f := acc.view() // SetRow copies the affine part
	f.Quad = clone(f.Quad)
	m.SetRow(r, f, rel.lo, rel.hi)
}

// collectAffine adds c*t to the accumulator as collect does where t is an affine expression without a mistake, and is false where it
// isn't; the accumulator then holds a part of it. Most constraints of a large model are such, and are spared the making of a name for
// messages.
func (m *Model) collectAffine(acc *Accumulator, c float64, t *term) bool {
	for t.op == opAdd { // chains of Plus lean to the left
		if !m.collectAffine(acc, c, t.b) {
			return false
		}
		t = t.a
	}
	switch t.op {
	case opConst:
		acc.AddConst(c * t.c)
	case opVar:
		if t.v.m != m {
			return false
		}
		acc.AddTerm(c*t.c, int(t.v.id))
	case opScale:
		if t.c == 0 || math.IsNaN(t.c) || math.IsInf(t.c, 0) {
			return false
		}
		return m.collectAffine(acc, c*t.c, t.a)
	case opSum:
		for _, s := range t.list {
			if !m.collectAffine(acc, c, s) {
				return false
			}
		}
	case opDot:
		return m.collectDot(acc, c, t)
	default:
		return false
	}
	return true
}

// collectDot adds c*t for a term opDot; it is false where one of the variables is of another model.
func (m *Model) collectDot(acc *Accumulator, c float64, t *term) bool {
	acc.room(len(t.vars))
	for k, v := range t.vars {
		if v.m != m {
			return false
		}
		w := c
		if t.coefs != nil {
			w *= t.coefs[k]
		}
		acc.AddTerm(w, int(v.id))
	}
	return true
}

// collect adds c*t to the accumulator; mistakes go to the model's list under the name where. It is false where there was one.
func (m *Model) collect(acc *Accumulator, c float64, t *term, where string) bool {
	switch t.op {
	case opConst:
		acc.AddConst(c * t.c)
	case opVar:
		if !m.owns(t.v, where) {
			return false
		}
		acc.AddTerm(c*t.c, int(t.v.id))
	case opAdd:
		// Chains of Plus lean to the left: walk down the spine instead of calling for each link.
		ok := true
		for t.op == opAdd {
			ok = m.collect(acc, c, t.b, where) && ok
			t = t.a
		}
		return m.collect(acc, c, t, where) && ok
	case opScale:
		if math.IsNaN(t.c) || math.IsInf(t.c, 0) {
			m.fail(where, "give a finite number", ErrNotFinite, "a factor is %s", num(t.c))
			return false
		}
		if t.c == 0 {
			var none Accumulator
			none.m = m
			return m.collect(&none, 1, t.a, where)
		}
		return m.collect(acc, c*t.c, t.a, where)
	case opSum:
		ok := true
		for _, s := range t.list {
			ok = m.collect(acc, c, s, where) && ok
		}
		return ok
	case opDot:
		if !m.collectDot(acc, c, t) {
			for _, v := range t.vars {
				if !m.owns(v, where) {
					return false
				}
			}
		}
	case opMul, opDiv, opPow:
		f, ok1 := m.gather(t.a, where)
		g, ok2 := m.gather(t.b, where)
		if !ok1 || !ok2 {
			return false
		}
		return m.combine(acc, c, t.op, f, g, where)
	case opApply:
		return m.applyFunction(acc, c, t, where)
	default:
		m.fail(where, "use numbers, variables and expressions of this model", ErrOperand, "%s", t.bad)
		return false
	}
	return true
}

func (m *Model) owns(v Var, where string) bool {
	if v.m == m {
		return true
	}
	if v.m == nil {
		m.fail(where, "make the variable by Var or Vars of a player", ErrOtherModel, "a Var that was never made")
	} else {
		m.fail(where, "build one model with its own variables", ErrOtherModel, "%s is a variable of the model %q, not of %q", v.Name(), v.m.Name, m.Name)
	}
	return false
}

func (m *Model) gather(t *term, where string) (Function, bool) {
	acc := m.Accumulator()
	ok := m.collect(acc, 1, t, where)
	return acc.Function(), ok
}

// combine adds c*(f op g).
func (m *Model) combine(acc *Accumulator, c float64, op termOp, f, g Function, where string) bool {
	switch op {
	case opMul:
		acc.AddFactors(c, f, g)
	case opDiv:
		acc.AddDiv(c, f, g)
		if g.IsConst() && g.Const == 0 {
			m.fail(where, "check the divisor", ErrNotFinite, "a division by zero")
			return false
		}
	case opPow:
		acc.AddPow(c, f, g)
	}
	return true
}

// AddDiv adds c*f/g.
func (a *Accumulator) AddDiv(c float64, f, g Function) {
	if g.IsConst() {
		if g.Const != 0 && f.IsConst() {
			a.c += c * (f.Const / g.Const)
			return
		}
		a.AddFunction(c/g.Const, f)
		return
	}
	a.AddNode(c, a.m.dag.Div(a.m.Node(f), a.m.Node(g)))
}

// AddPow adds c*f^g. The square of an affine function is expanded to a quadratic part, see AddFactors.
func (a *Accumulator) AddPow(c float64, f, g Function) {
	if g.IsConst() {
		switch {
		case f.IsConst():
			a.c += c * math.Pow(f.Const, g.Const)
			return
		case g.Const == 1:
			a.AddFunction(c, f)
			return
		case g.Const == 0:
			a.c += c
			return
		case g.Const == 2 && f.IsAffine():
			a.AddFactors(c, f, f)
			return
		}
	}
	a.AddNode(c, a.m.dag.Pow(a.m.Node(f), a.m.Node(g)))
}
