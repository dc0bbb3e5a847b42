package modfile

import "github.com/gobilevel/bilevel/model"

// ruleForm is what a constraint says.
type ruleForm uint8

const (
	ruleRow   ruleForm = iota // lo <= f <= hi
	rulePair                  // two inequalities that complement each other
	ruleMixed                 // a range or equation and its partner
)

// ruleCode is a compiled constraint.
type ruleCode struct {
	form   ruleForm
	a, b   sideCode
	when   *code // binary variable of an indicator constraint
	equals float64
	p      pos
}

// sideCode is lo <= f <= hi. f is the difference of two expressions, or one expression against numbers.
type sideCode struct {
	p      pos
	f      *code // nil: 0
	minus  *code // subtracted from f, or nil
	lo, hi *code // nil: none

	row     func(in *instance) int // a constraint that was declared before, instead of f
	rowSide model.Side
}

func (c *compiler) rule(r *constraintRule) *ruleCode {
	out := &ruleCode{p: r.first.pos}
	if r.when != nil {
		c.indicator(out, r.when)
	}
	if r.second == nil {
		out.a = c.side(r.first)
		return out
	}
	out.p = r.pos
	if c.part.player != 0 {
		c.fail(r.pos, "a complementarity condition in the problem of follower "+c.f.players[c.part.player].name, "its place in the upper level; a follower's conditions are those of its constraints")
	}
	first, second := r.first, *r.second
	switch {
	case len(first.ops) == 1 && len(second.ops) == 1 && first.ops[0] != opEQ && second.ops[0] != opEQ:
		out.form = rulePair
		out.a, out.b = c.pairSide(first), c.pairSide(second)
	case twoSided(first) && len(second.ops) == 0:
		out.form = ruleMixed
		out.a, out.b = c.pairSide(first), c.pairSide(second)
	case twoSided(second) && len(first.ops) == 0:
		out.form = ruleMixed
		out.a, out.b = c.pairSide(second), c.pairSide(first)
	default:
		c.fail(r.pos, "these two do not complement each other", "inequality complements inequality, lo <= e <= hi complements e, or e = e complements e")
	}
	return out
}

// pairSide compiles one operand of complements.
func (c *compiler) pairSide(r relation) sideCode {
	at := 0
	if len(r.ops) == 2 {
		at = 1
	}
	if ref, ok := r.sides[at].(*refNode); ok {
		switch ref.suffix {
		case "lslack", "uslack", "body":
			return c.rowSide(r, ref)
		}
	}
	if len(r.ops) == 0 {
		return sideCode{p: r.pos, f: c.number(r.sides[0])}
	}
	return c.side(r)
}

// rowSide compiles the slack or the body of a constraint that was declared before as an operand of complements.
func (c *compiler) rowSide(r relation, ref *refNode) sideCode {
	s := c.f.symbols[ref.name]
	if s == nil || s.kind != declConstraint {
		c.fail(ref.p, "'"+shorten(ref.name)+"' is not a constraint, and has no ."+ref.suffix, "a constraint that is declared before"+c.f.similar(ref.name))
	}
	if s.order >= c.order {
		c.fail(ref.p, "the constraint '"+s.name+"' is declared later", "the constraint before the condition that mentions it")
	}
	for _, pt := range s.parts {
		if pt.pair {
			c.fail(ref.p, "'"+s.name+"' is a complementarity condition itself", "a constraint")
		}
	}
	out := sideCode{p: ref.p}
	switch {
	case ref.suffix != "body" && len(r.ops) == 1 && r.ops[0] == opGE:
		out.rowSide = model.AtLower
		if ref.suffix == "uslack" {
			out.rowSide = model.AtUpper
		}
		out.lo = c.constant(r.sides[1], "the bound of a slack")
	case ref.suffix == "body" && len(r.ops) == 2:
		out.lo, out.hi = c.constant(r.sides[0], "a bound"), c.constant(r.sides[2], "a bound")
		if r.ops[0] == opGE {
			out.lo, out.hi = out.hi, out.lo
		}
	case ref.suffix == "body" && len(r.ops) == 1 && r.ops[0] == opEQ:
		out.lo = c.constant(r.sides[1], "a bound")
		out.hi = out.lo
	case ref.suffix == "body" && len(r.ops) == 0:
	default:
		c.fail(ref.p, "."+ref.suffix+" of a constraint in a relation of another form", "NAME.lslack >= 0, NAME.uslack >= 0, lo <= NAME.body <= hi, NAME.body = value, or NAME.body alone")
	}
	plain := *ref
	plain.suffix = ""
	subs := c.subscripts(&plain, s)
	p, sc := ref.p, c.scope
	out.row = func(in *instance) int {
		var buf [8]element
		key := in.key(buf[:0], subs)
		st := &in.rows[s.id]
		i := -1
		if st.dom != nil {
			i = st.dom.find(key)
		}
		if i < 0 {
			return in.noMember(s, append([]element(nil), key...), p, sc)
		}
		return st.at(i)
	}
	return out
}

// twoSided reports whether a relation bounds its expression on both sides.
func twoSided(r relation) bool { return len(r.ops) == 2 || len(r.ops) == 1 && r.ops[0] == opEQ }

// side compiles a relation. The constant side is the one without variables or, in a follower's constraint, without variables of that
// follower, and otherwise the right one. The function is the other side less the constant one, so that one unit more on the constant
// side is one unit more on the bound: what a dual refers to.
func (c *compiler) side(r relation) sideCode {
	s := sideCode{p: r.pos}
	if len(r.ops) == 2 {
		s.lo, s.f, s.hi = c.number(r.sides[0]), c.number(r.sides[1]), c.number(r.sides[2])
		for k, e := range []*code{s.lo, s.hi} {
			if e.vars {
				c.fail(r.sides[2*k].at(), "a variable in the outer part of a two-sided constraint", "lo <= e <= hi with numbers and parameters for lo and hi, or two constraints")
			}
		}
		if r.ops[0] == opGE {
			s.lo, s.hi = s.hi, s.lo
		}
		return s
	}
	before := len(c.mentions)
	x := c.number(r.sides[0])
	between := len(c.mentions)
	y, op := c.number(r.sides[1]), r.ops[0]
	left, right := c.ownVariables(c.mentions[before:between]), c.ownVariables(c.mentions[between:])
	if y.vars && (!x.vars || right && !left && c.part.player != 0) {
		x, y = y, x
		switch op {
		case opLE:
			op = opGE
		case opGE:
			op = opLE
		}
	}
	bound := y
	s.f = x
	if y.vars {
		s.minus, bound = y, numberCode(r.pos, 0)
	}
	if op != opLE {
		s.lo = bound
	}
	if op != opGE {
		s.hi = bound
	}
	return s
}

// ownVariables reports whether variables of the player whose constraint is compiled are mentioned.
func (c *compiler) ownVariables(list []mention) bool {
	own := func(s *symbol) bool {
		for _, pt := range s.parts {
			if !s.defined && pt.player == c.part.player {
				return true
			}
		}
		return false
	}
	for _, m := range list {
		if own(m.s) {
			return true
		}
		for _, inner := range m.s.mentions {
			if own(inner) {
				return true
			}
		}
	}
	return false
}

// indicator compiles the condition binary = 0 or binary = 1.
func (c *compiler) indicator(out *ruleCode, when node) {
	b, ok := when.(*binaryNode)
	if !ok || b.op != opEQ {
		c.fail(when.at(), "the condition before '==>' is not a comparison of a binary variable", "b = 1 ==> constraint, or b = 0 ==> constraint")
	}
	x, y := c.number(b.x), c.number(b.y)
	if x.index == nil {
		x, y = y, x
	}
	if x.index == nil || !y.fixed || y.val != 0 && y.val != 1 {
		c.fail(when.at(), "the condition before '==>' is not a comparison of a binary variable with 0 or 1", "b = 1 ==> constraint, or b = 0 ==> constraint")
	}
	out.when, out.equals = x, y.val
}
