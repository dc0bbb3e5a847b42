package modfile

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// buildRows makes the constraints or pairs of a part.
func (in *instance) buildRows(pt *part) {
	st := &in.rows[pt.sym.id]
	own := in.familyOf(pt, &st.dom)
	in.charge(own.n)
	var first int
	if pt.rule.form == ruleRow {
		first = in.m.StartRows(pt.player, pt.name, in.subscript(own), own.n)
		in.fillRows(pt, own, first)
	} else {
		first = in.buildPairs(pt, own)
	}
	st = &in.rows[pt.sym.id]
	if len(pt.sym.parts) == 1 {
		st.first, st.pairs = first, pt.rule.form != ruleRow
		return
	}
	for i := 0; i < own.n; i++ {
		k := int32(first + i)
		if pt.rule.form != ruleRow {
			k = ^k
		}
		st.idx = append(st.idx, k)
	}
}

func (in *instance) fillRows(pt *part, own *domain, first int) {
	buf := make([]element, max(own.dim, 1))
	acc := in.accumulator()
	for i := 0; i < own.n; i++ {
		in.step()
		in.enter(own.at(i, buf))
		acc.Reset()
		lo, hi := in.side(&pt.rule.a, acc)
		f := acc.Function()
		in.checkFunction(f, pt.rule.a.p)
		in.m.SetRow(first+i, f, lo, hi)
		if pt.rule.when != nil {
			j := pt.rule.when.index(in)
			if in.m.VarKind(j) != model.Binary {
				in.fail(pt.rule.when.p, "the variable "+in.m.VarName(j)+" before '==>' is not binary", "a binary variable")
			}
			in.m.AddIndicator(model.Indicator{Row: first + i, Binary: j, When: pt.rule.equals == 1})
		}
	}
	in.release(acc)
}

// side adds the function of a relation to an accumulator and returns its bounds.
func (in *instance) side(s *sideCode, acc *model.Accumulator) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	adder(s.f)(in, acc, 1)
	if s.minus != nil {
		s.minus.add(in, acc, -1)
	}
	if s.lo != nil {
		lo = s.lo.num(in)
	}
	if s.hi != nil {
		hi = lo
		if s.hi != s.lo {
			hi = s.hi.num(in)
		}
	}
	if lo > hi {
		in.fail(s.p, "the constraint asks for at least "+formatNumber(lo)+" and at most "+formatNumber(hi), "bounds that do not contradict each other")
	}
	if math.IsInf(lo, 1) || math.IsInf(hi, -1) {
		in.fail(s.p, "the constraint has the bounds "+interval(lo, hi), "bounds that leave a value")
	}
	return lo, hi
}

// pairBuilder makes the pairs of a part.
type pairBuilder struct {
	in  *instance
	pt  *part
	own *domain
	sub func(k int) string
}

// buildPairs makes the complementarity pairs of a part and returns the index of the first. A member that needs a constraint to carry it
// gets one that is called after the pair, with _a or _b behind the name.
func (in *instance) buildPairs(pt *part, own *domain) int {
	pairs := make([]model.Pair, own.n)
	b := &pairBuilder{in: in, pt: pt, own: own, sub: in.subscript(own)}
	buf := make([]element, max(own.dim, 1))
	r := pt.rule
	for i := 0; i < own.n; i++ {
		in.step()
		key := own.at(i, buf)
		in.enter(key)
		sideA, sideB := model.Range, model.Value
		if r.form == rulePair {
			sideA, sideB = b.slackSide(&r.a), b.slackSide(&r.b)
		}
		pairs[i].A = b.member(&r.a, "_a", i, key, sideA)
		pairs[i].B = b.member(&r.b, "_b", i, key, sideB)
	}
	return in.m.AddPairs(pt.name, b.sub, pairs...)
}

// freshBase is a name for the constraint that carries a member of a pair, with a subscript that is not in use.
func (in *instance) freshBase(base string, key []element) string {
	for in.holds(in.f.symbols[base], key) {
		base += "_"
	}
	return base
}

// holds reports whether a variable or constraint of the model has the name of a symbol with a subscript, or may have it.
func (in *instance) holds(s *symbol, key []element) bool {
	if s == nil || s.kind != declConstraint && (s.kind != declVar || s.defined) {
		return false
	}
	if s.kind == declVar || in.f.arity(s) != len(key) || s.parts[0].member == nil {
		return true
	}
	t := in.members[s]
	if t == nil {
		t = newTable(len(key))
		for _, pt := range s.parts {
			t.add(pt.key)
		}
		if in.members == nil {
			in.members = map[*symbol]*table{}
		}
		in.members[s] = t
	}
	return t.find(key) >= 0
}

func (b *pairBuilder) slackSide(s *sideCode) model.Side {
	if s.row != nil {
		return s.rowSide
	}
	if s.lo == nil {
		return model.AtUpper
	}
	return model.AtLower
}

// member makes one member of a pair: a variable, a constraint that was declared before, or a constraint of its own.
func (b *pairBuilder) member(s *sideCode, suffix string, i int, key []element, side model.Side) model.Member {
	in := b.in
	if s.row != nil {
		return b.rowMember(s, side)
	}
	acc := in.accumulator()
	lo, hi := in.side(s, acc)
	f := acc.Function()
	in.release(acc)
	in.checkFunction(f, s.p)
	if (side == model.AtLower || side == model.AtUpper) && math.IsInf(lo, -1) && math.IsInf(hi, 1) {
		in.fail(s.p, "an inequality without a finite bound in a complementarity condition", "a finite bound")
	}
	if j := in.variableOf(s); j >= 0 {
		vlo, vhi := in.m.VarBounds(j)
		if side == model.Value || (side == model.AtUpper || lo == vlo) && (side == model.AtLower || hi == vhi) {
			return model.Member{Side: side, Index: int32(j)}
		}
	}
	var sub func(int) string
	if b.sub != nil {
		all := b.sub
		sub = func(int) string { return all(i) }
	}
	row := in.m.StartRows(b.pt.player, in.freshBase(b.pt.name+suffix, key), sub, 1)
	in.m.SetRow(row, f, lo, hi)
	in.m.MarkPairRow(row)
	return model.Member{Row: true, Side: side, Index: int32(row)}
}

// rowMember makes a constraint that was declared before a member: NAME.lslack, NAME.uslack or NAME.body.
func (b *pairBuilder) rowMember(s *sideCode, side model.Side) model.Member {
	in := b.in
	row := s.row(in)
	lo, hi := in.m.RowBounds(row)
	name := in.m.RowName(row)
	switch side {
	case model.AtLower, model.AtUpper:
		if side == model.AtLower && math.IsInf(lo, -1) || side == model.AtUpper && math.IsInf(hi, 1) {
			in.fail(s.p, "the constraint "+name+" has the bounds "+interval(lo, hi)+" and no such slack", "a constraint with that bound")
		}
		if v := s.lo.num(in); v != 0 {
			in.fail(s.p, "a slack that is compared with "+formatNumber(v), "'>= 0' after the slack of a constraint")
		}
	case model.Range:
		a, z := math.Inf(-1), math.Inf(1)
		if s.lo != nil {
			a = s.lo.num(in)
		}
		if s.hi != nil {
			z = s.hi.num(in)
		}
		if a != lo || z != hi {
			in.fail(s.p, "the bounds "+interval(a, z)+" are not those of the constraint "+name+", "+interval(lo, hi), "the bounds of the constraint")
		}
	}
	return model.Member{Row: true, Side: side, Index: int32(row)}
}

// variableOf returns the column where an expression is one variable that is not fixed by a command, and otherwise -1.
func (in *instance) variableOf(s *sideCode) int {
	if s.minus != nil || s.f == nil || s.f.index == nil {
		return -1
	}
	j := s.f.index(in)
	if in.fixed[int32(j)] {
		return -1
	}
	return j
}
